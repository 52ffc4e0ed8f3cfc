using System.Globalization;

namespace Milter.Client;

/// <summary>A reply of SMTP: what the client is told.</summary>
public sealed record SmtpReply
{
    /// <summary>Makes a reply.</summary>
    /// <param name="code">The reply code (RFC 5321), 200 to 599.</param>
    /// <param name="enhancedCode">The enhanced status code (RFC 3463) such as <c>5.7.1</c>, or <see langword="null"/>.</param>
    /// <param name="lines">At least one line of text.</param>
    public SmtpReply(int code, string? enhancedCode, params string[] lines)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(code, 200);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(code, 599);
        ArgumentNullException.ThrowIfNull(lines);
        Code = code;
        EnhancedCode = enhancedCode;
        Lines = lines.Length == 0 ? [""] : lines;
    }

    /// <summary>Gets the reply code.</summary>
    public int Code { get; }

    /// <summary>Gets the enhanced status code, or <see langword="null"/>.</summary>
    public string? EnhancedCode { get; }

    /// <summary>Gets the lines of text, without codes; at least one.</summary>
    public IReadOnlyList<string> Lines { get; }

    /// <summary>Gets a value indicating whether the reply is 4xx.</summary>
    public bool IsTemporary => Code is >= 400 and < 500;

    /// <summary>Makes the lines that go to the client, without line ends: <c>550-5.7.1 one</c>, <c>550 5.7.1 two</c>.</summary>
    /// <returns>At least one line.</returns>
    public IEnumerable<string> ToSmtpLines()
    {
        string code = Code.ToString(CultureInfo.InvariantCulture);
        string status = EnhancedCode is null ? "" : EnhancedCode + " ";
        for (int i = 0; i < Lines.Count; i++)
        {
            yield return $"{code}{(i == Lines.Count - 1 ? ' ' : '-')}{status}{Lines[i]}";
        }
    }

    /// <inheritdoc/>
    public bool Equals(SmtpReply? other) =>
        other is not null && Code == other.Code && EnhancedCode == other.EnhancedCode && Lines.SequenceEqual(other.Lines);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Code, EnhancedCode, Lines[0]);

    /// <summary>Says the reply in one line.</summary>
    /// <returns>Codes and text, lines separated by <c>|</c>.</returns>
    public override string ToString() =>
        $"{Code}{(EnhancedCode is null ? "" : " " + EnhancedCode)} {string.Join(" | ", Lines)}".TrimEnd();
}
