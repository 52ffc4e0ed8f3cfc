using Milter.Protocol;

namespace Milter;

/// <summary>What a handler decides. The default value is <see cref="Continue"/>.</summary>
/// <remarks>
/// Which verdicts are legal is said at each stage's attribute. An illegal one is never sent: it is logged, counted and replaced.
/// A verdict with a text is built and checked once; keep constant ones in <c>static readonly</c> fields.
/// </remarks>
public readonly struct Verdict : IEquatable<Verdict>
{
    private static readonly Saying s_accept = new(VerdictKind.Accept), s_discard = new(VerdictKind.Discard), s_skip = new(VerdictKind.Skip),
        s_reject = new(VerdictKind.Reject), s_tempFail = new(VerdictKind.TempFail);

    // One reference, since a verdict goes through many hands: nothing for the one that nearly all handlers give.
    private readonly Saying? _saying;

    private Verdict(Saying saying) => _saying = saying;

    /// <summary>Gets the verdict that goes on (<c>SMFIS_CONTINUE</c>).</summary>
    public static Verdict Continue => default;

    /// <summary>Gets the verdict that lets the message pass and ends its filtering; at CONNECT and HELO that of the session (<c>SMFIS_ACCEPT</c>).</summary>
    public static Verdict Accept => new(s_accept);

    /// <summary>Gets the verdict that takes the message and drops it (<c>SMFIS_DISCARD</c>). Valid from MAIL to EOM.</summary>
    public static Verdict Discard => new(s_discard);

    /// <summary>Gets the verdict of a body handler that has seen enough of this message (<c>SMFIS_SKIP</c>). Valid at BODY only.</summary>
    public static Verdict Skip => new(s_skip);

    /// <summary>Gets what the verdict says, apart from its text.</summary>
    public VerdictKind Kind => _saying?.Kind ?? VerdictKind.Continue;

    /// <summary>Gets a value indicating whether this verdict goes on.</summary>
    public bool IsContinue => _saying is null;

    /// <summary>Gets the reply as it goes over the wire (<c>SMFIR_REPLYCODE</c>), or empty where the MTA's own words are used.</summary>
    /// <value>Printable ASCII; <see cref="ReplyFor"/> has the text as it was given.</value>
    internal ReadOnlySpan<byte> Reply => _saying is null ? default : _saying.Ascii;

    /// <summary>Gets the reply as it goes over the wire, in UTF-8 where the client has asked for it (RFC 6531 section 3.7.4.2), or empty where the MTA's own words are used.</summary>
    internal ReadOnlySpan<byte> ReplyFor(bool allowsUtf8) => allowsUtf8 && _saying is not null ? _saying.Utf8 : Reply;

    /// <summary>Compares two verdicts: equal when they say the same in the same words.</summary>
    /// <param name="left">One.</param>
    /// <param name="right">The other.</param>
    /// <returns>Whether they are equal.</returns>
    public static bool operator ==(Verdict left, Verdict right) => left.Equals(right);

    /// <summary>Compares two verdicts: different when they differ in kind or words.</summary>
    /// <param name="left">One.</param>
    /// <param name="right">The other.</param>
    /// <returns>Whether they differ.</returns>
    public static bool operator !=(Verdict left, Verdict right) => !left.Equals(right);

    /// <summary>Refuses for good, in the MTA's words (<c>550 5.7.1 Command rejected</c> with Postfix).</summary>
    /// <returns>The verdict.</returns>
    public static Verdict Reject() => new(s_reject);

    /// <summary>Refuses for now, in the MTA's words (<c>451 4.7.1 Service unavailable - try again later</c> with Postfix).</summary>
    /// <returns>The verdict.</returns>
    public static Verdict TempFail() => new(s_tempFail);

    /// <summary>Refuses for good with a reply of one line (<c>smfi_setreply</c>).</summary>
    /// <param name="code">The SMTP reply code, 500 to 599 (RFC 5321 section 4.2).</param>
    /// <param name="enhanced">The enhanced status code of class 5, such as <c>5.7.1</c> (RFC 3463), or <see langword="null"/> for none; several lines, and a text that begins with another digit than the code, then get <c>5.0.0</c>.</param>
    /// <param name="text">
    /// The text: at most 980 bytes in UTF-8, no control characters. A <c>%</c> stands for itself. What is not ASCII is told as <c>?</c> unless the client has asked for SMTPUTF8:
    /// MTAs can't say it. For text that is data see <see cref="RejectCleaned"/> and <see cref="TempFailCleaned"/>.
    /// </param>
    /// <returns>The verdict.</returns>
    /// <exception cref="ArgumentException">The code, the enhanced code or the text is not fit for an SMTP reply; the message says why.</exception>
    public static Verdict Reject(int code, string? enhanced, string text) => Make(VerdictKind.Reject, code, enhanced, [text]);

    /// <summary>Refuses for good with a reply of two lines (<c>smfi_setmlreply</c>).</summary>
    /// <inheritdoc cref="Reject(int, string?, string)" path="/param"/>
    /// <inheritdoc cref="Reject(int, string?, string)" path="/exception"/>
    /// <param name="line1">The first line.</param>
    /// <param name="line2">The second line.</param>
    /// <returns>The verdict.</returns>
    public static Verdict Reject(int code, string? enhanced, string line1, string line2) => Make(VerdictKind.Reject, code, enhanced, [line1, line2]);

    /// <summary>Refuses for good with a reply of several lines (<c>smfi_setmlreply</c>).</summary>
    /// <inheritdoc cref="Reject(int, string?, string)" path="/param"/>
    /// <inheritdoc cref="Reject(int, string?, string)" path="/exception"/>
    /// <param name="lines">1 to 32 lines, with their codes 16,000 bytes at most.</param>
    /// <returns>The verdict.</returns>
    public static Verdict Reject(int code, string? enhanced, params string[] lines) => Make(VerdictKind.Reject, code, enhanced, lines);

    /// <summary>Refuses for now with a reply of one line (<c>smfi_setreply</c>). Code 421 makes the MTA end the SMTP session.</summary>
    /// <param name="code">The SMTP reply code, 400 to 499 (RFC 5321 section 4.2).</param>
    /// <param name="enhanced">The enhanced status code of class 4, such as <c>4.7.1</c> (RFC 3463), or <see langword="null"/> for none; several lines, and a text that begins with another digit than the code, then get <c>4.0.0</c>.</param>
    /// <param name="text">
    /// The text: at most 980 bytes in UTF-8, no control characters. A <c>%</c> stands for itself. What is not ASCII is told as <c>?</c> unless the client has asked for SMTPUTF8:
    /// MTAs can't say it. For text that is data see <see cref="RejectCleaned"/> and <see cref="TempFailCleaned"/>.
    /// </param>
    /// <returns>The verdict.</returns>
    /// <exception cref="ArgumentException">The code, the enhanced code or the text is not fit for an SMTP reply; the message says why.</exception>
    public static Verdict TempFail(int code, string? enhanced, string text) => Make(VerdictKind.TempFail, code, enhanced, [text]);

    /// <summary>Refuses for now with a reply of two lines (<c>smfi_setmlreply</c>).</summary>
    /// <inheritdoc cref="TempFail(int, string?, string)" path="/param"/>
    /// <inheritdoc cref="TempFail(int, string?, string)" path="/exception"/>
    /// <param name="line1">The first line.</param>
    /// <param name="line2">The second line.</param>
    /// <returns>The verdict.</returns>
    public static Verdict TempFail(int code, string? enhanced, string line1, string line2) => Make(VerdictKind.TempFail, code, enhanced, [line1, line2]);

    /// <summary>Refuses for now with a reply of several lines (<c>smfi_setmlreply</c>).</summary>
    /// <inheritdoc cref="TempFail(int, string?, string)" path="/param"/>
    /// <inheritdoc cref="TempFail(int, string?, string)" path="/exception"/>
    /// <param name="lines">1 to 32 lines, with their codes 16,000 bytes at most.</param>
    /// <returns>The verdict.</returns>
    public static Verdict TempFail(int code, string? enhanced, params string[] lines) => Make(VerdictKind.TempFail, code, enhanced, lines);

    /// <summary>Refuses for good in words that are data, such as what another server said or a client has sent: whatever the text is, there is a reply.</summary>
    /// <param name="code">The SMTP reply code, 500 to 599.</param>
    /// <param name="enhanced">The enhanced status code of class 5, or <see langword="null"/> for none.</param>
    /// <param name="data">Any text. Line ends begin a new line of the reply, other control characters become <c>?</c>, what is too long is cut.</param>
    /// <returns>The verdict.</returns>
    /// <exception cref="ArgumentException">The code or the enhanced code is not fit for an SMTP reply.</exception>
    public static Verdict RejectCleaned(int code, string? enhanced, string? data) => Make(VerdictKind.Reject, code, enhanced, ReplyText.Clean(data));

    /// <summary>Refuses for now in words that are data: whatever the text is, there is a reply.</summary>
    /// <param name="code">The SMTP reply code, 400 to 499.</param>
    /// <param name="enhanced">The enhanced status code of class 4, or <see langword="null"/> for none.</param>
    /// <param name="data">Any text. Line ends begin a new line of the reply, other control characters become <c>?</c>, what is too long is cut.</param>
    /// <returns>The verdict.</returns>
    /// <exception cref="ArgumentException">The code or the enhanced code is not fit for an SMTP reply.</exception>
    public static Verdict TempFailCleaned(int code, string? enhanced, string? data) => Make(VerdictKind.TempFail, code, enhanced, ReplyText.Clean(data));

    /// <inheritdoc/>
    public bool Equals(Verdict other) => Kind == other.Kind && ReplyFor(allowsUtf8: true).SequenceEqual(other.ReplyFor(allowsUtf8: true));

    /// <inheritdoc/>
    public override bool Equals(object? obj) => obj is Verdict other && Equals(other);

    /// <inheritdoc/>
    public override int GetHashCode() => (int)Kind;

    /// <summary>Says the verdict in words, for logs and test failures.</summary>
    /// <returns>Its kind, and its reply where it has one, lines separated by <c>|</c>.</returns>
    public override string ToString() => _saying is not { Utf8: [.. var text, _] }
        ? Kind.ToString()
        : $"{Kind} {WireText.GetString(text).Replace("%%", "%", StringComparison.Ordinal).Replace("\r\n", "|", StringComparison.Ordinal)}";

    private static Verdict Make(VerdictKind kind, int code, string? enhanced, ReadOnlySpan<string> lines)
    {
        int least = kind == VerdictKind.Reject ? 500 : 400;
        if (code < least || code > least + 99)
        {
            throw new ArgumentOutOfRangeException(nameof(code), code, $"{kind} needs a reply code from {least} to {least + 99}; use {(kind == VerdictKind.Reject ? "TempFail for 4xx" : "Reject for 5xx")}.");
        }

        byte[] encoded = ReplyText.Encode(code, enhanced, lines);
        byte[] ascii = ReplyText.ToAscii(encoded);
        return new Verdict(new Saying(kind, ascii, ascii.AsSpan().SequenceEqual(encoded) ? ascii : encoded));
    }

    /// <summary>What a verdict other than CONTINUE says: its kind, and where it has one its reply in both forms, made once.</summary>
    private sealed class Saying(VerdictKind kind, byte[] ascii, byte[] utf8)
    {
        public Saying(VerdictKind kind)
            : this(kind, [], [])
        {
        }

        public VerdictKind Kind => kind;

        public byte[] Ascii => ascii;

        public byte[] Utf8 => utf8;
    }
}
