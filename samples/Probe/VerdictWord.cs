using System.Globalization;
using Milter.Protocol;

namespace Milter.Samples.Probe;

/// <summary>Reads a verdict word. Whatever is none means continue.</summary>
internal static class VerdictWord
{
    public static Verdict Read(string? word, Allowed allowed) => word switch
    {
        "accept" when allowed.HasFlag(Allowed.Accept) => Verdict.Accept,
        "discard" when allowed.HasFlag(Allowed.Discard) => Verdict.Discard,
        "skip" when allowed.HasFlag(Allowed.Skip) => Verdict.Skip,
        "reject" => Verdict.Reject(),
        "tempfail" => Verdict.TempFail(),
        not null when word.StartsWith("reply:", StringComparison.Ordinal) => Reply(word["reply:".Length..]),
        _ => Verdict.Continue,
    };

    /// <summary>Reads the word before a suffix, where the text ends with that.</summary>
    public static Verdict BeforeEnd(string text, string suffix, Allowed allowed) =>
        text.EndsWith(suffix, StringComparison.Ordinal) ? Read(text[..^suffix.Length], allowed) : Verdict.Continue;

    /// <summary>Reads the local part of an address of this domain, with or without angle brackets.</summary>
    public static Verdict LocalPart(string address, string domain)
    {
        int start = address.StartsWith('<') ? 1 : 0;
        int end = address.Length > start && address.EndsWith('>') ? address.Length - 1 : address.Length;
        return BeforeEnd(address[start..end], domain, Allowed.OfMessage);
    }

    // CODE:XCODE:TEXT
    private static Verdict Reply(string fields)
    {
        string[] parts = fields.Split(':', 3);
        if (parts is not [[>= '4' and <= '5', >= '0' and <= '9', >= '0' and <= '9'], _, _])
        {
            return Verdict.Continue;
        }

        int code = int.Parse(parts[0], NumberStyles.None, CultureInfo.InvariantCulture);
        // Where there is none the line goes without, as libmilter sends it.
        string enhanced = parts[1];
        string[] lines = parts[2].Replace('_', ' ').Split('|');
        if (ReplyText.Check(code, enhanced, lines) is not null)
        {
            return Verdict.Continue;
        }

        // MTAs can say ASCII only.
        lines = [.. lines.Select(ReplyText.ToAscii)];
        return code < 500 ? Verdict.TempFail(code, enhanced, lines) : Verdict.Reject(code, enhanced, lines);
    }
}
