using System.Globalization;
using FsCheck;
using FsCheck.Fluent;

namespace Milter.Protocol.Tests.Properties;

/// <summary>A reply text by chance.</summary>
/// <param name="Code">The reply code.</param>
/// <param name="Enhanced">The enhanced code, if one is given.</param>
/// <param name="Lines">The lines.</param>
internal sealed record ReplyTexts(int Code, string? Enhanced, string[] Lines)
{
    private static readonly Gen<string> s_line = Gen.OneOf(
        Bytes.Text.Select(bytes => WireText.GetString(bytes)),
        Gen.Elements("%", "100% sure", "", "\t", "5.7.1", "4.7.1 later", "5.7.1  two spaces", "550 again", "192.0.2.7 is listed", "-"));

    /// <summary>Whatever somebody might give.</summary>
    public static Gen<ReplyTexts> Any { get; } =
        from code in Gen.Choose(390, 610)
        from numbers in Gen.Two(Gen.Choose(0, 1100))
        from kind in Gen.Choose(0, 4)
        from lines in Gen.OneOf(s_line.ArrayOf(1), s_line.ArrayOf())
        let number = string.Create(CultureInfo.InvariantCulture, $"{numbers.Item1}.{numbers.Item2}")
        select new ReplyTexts(code, kind switch { 0 => null, 1 => "4." + number, 2 => "5." + number, 3 => "2.0", _ => $"{code / 100}.{number}" }, lines);

    /// <summary>What the rules allow.</summary>
    public static Gen<ReplyTexts> Good { get; } =
        from code in Gen.Choose(400, 599)
        from numbers in Gen.Two(Gen.Choose(0, 999))
        from enhanced in Gen.Elements(false, true)
        from lines in s_line.Where(line => !line.Any(c => char.IsControl(c) && c != '\t')).ArrayOf()
        let reply = new ReplyTexts(code, enhanced ? string.Create(CultureInfo.InvariantCulture, $"{code / 100}.{numbers.Item1}.{numbers.Item2}") : null, lines.Length is 0 or > MilterLimits.MaxReplyLines ? [""] : lines)
        where ReplyText.Check(reply.Code, reply.Enhanced, reply.Lines) is null
            && (reply.Sent.Length > 0 || !reply.Lines[0].StartsWith(reply.Class)) // Nobody could tell it from an enhanced code.
        select reply;

    /// <summary>Gets the enhanced code that goes over the wire.</summary>
    public string Sent => Enhanced ?? (Lines.Length > 1 || (Lines[0] is [>= '0' and <= '9', ..] && Lines[0][0] != Class) ? Class + ".0.0" : "");

    private char Class => Code < 500 ? '4' : '5';

    public override string ToString() => $"{Code} {Enhanced ?? "(none)"} [{string.Join("] [", Lines)}]";
}
