namespace Milter.Mta.Tests;

/// <summary>A reply of the server, of one or more lines.</summary>
/// <param name="Code">The three digits.</param>
/// <param name="Lines">The text of each line, without the code.</param>
public sealed record SmtpReply(int Code, IReadOnlyList<string> Lines)
{
    /// <summary>The lines, joined by LF.</summary>
    public string Text => string.Join('\n', Lines);

    /// <summary>Whether the server said yes (2xx or 3xx).</summary>
    public bool IsPositive => Code is >= 200 and < 400;

    /// <summary>The whole reply as it came, lines joined by LF.</summary>
    public override string ToString() =>
        string.Join('\n', Lines.Select((line, i) => $"{Code}{(i < Lines.Count - 1 ? '-' : ' ')}{line}"));
}
