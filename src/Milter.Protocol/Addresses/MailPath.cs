using Milter.Protocol;

namespace Milter;

/// <summary>An address of the envelope with its ESMTP arguments, as MAIL and RCPT have it (RFC 5321 section 4.1.2). Never changes; may be kept.</summary>
/// <remarks>
/// A <see cref="string"/> converts: <c>"ann@example.test"</c>, with or without angle brackets; empty or <c>&lt;&gt;</c> is the null sender. Every text is taken, since senders
/// write what they like: what is no address has the whole text as local part. Two paths are <em>equal</em> when they are written alike; they are
/// the same mailbox (<see cref="Is"/>) when mail servers deliver them to one: <c>&lt;@relay.example:"Ann"@Example.org.&gt;</c> is <c>ann@example.org</c>.
/// </remarks>
public sealed class MailPath : IEquatable<MailPath>
{
    private readonly byte[] _bytes;
    private readonly AddressParts _parts;
    private string? _canonical;
    private string? _asciiDomain;

    /// <summary>Makes a path.</summary>
    /// <param name="address">The address; one pair of angle brackets around it is taken off.</param>
    /// <param name="arguments">ESMTP arguments, each a string of its own: <c>SIZE=100</c>, <c>NOTIFY=NEVER</c>.</param>
    /// <exception cref="ArgumentNullException">A parameter is <see langword="null"/>.</exception>
    public MailPath(string address, params string[] arguments)
        : this(address, (IReadOnlyList<string>)arguments)
    {
    }

    /// <summary>Makes a path.</summary>
    /// <param name="address">The address; one pair of angle brackets around it is taken off.</param>
    /// <param name="arguments">ESMTP arguments.</param>
    /// <exception cref="ArgumentNullException">A parameter is <see langword="null"/>.</exception>
    public MailPath(string address, IReadOnlyList<string> arguments)
    {
        ArgumentNullException.ThrowIfNull(address);
        ArgumentNullException.ThrowIfNull(arguments);
        Text = address is ['<', .., '>'] ? address[1..^1] : address;
        Arguments = arguments;
        _bytes = WireText.GetBytes(Text);
        _parts = AddressParts.Of(_bytes);
    }

    /// <summary>Gets the null sender, <c>&lt;&gt;</c>.</summary>
    public static MailPath Null { get; } = new("");

    /// <summary>Gets what stands between the angle brackets, as it was written: source route, quotes, comments and all.</summary>
    public string Text { get; }

    /// <summary>Gets the address without source route (<c>@relay,@other:</c>), otherwise as it was written; empty for the null sender.</summary>
    public string Address => WireText.GetString(AddressBytes);

    /// <summary>Gets what stands before the last <c>@</c> outside quotes, as it was written; all of the address where there is none.</summary>
    public string LocalPart => WireText.GetString(LocalPartBytes);

    /// <summary>Gets what stands after the last <c>@</c> outside quotes, as it was written; empty where there is none.</summary>
    public string Domain => WireText.GetString(DomainBytes);

    /// <summary>Gets the domain as DNS has it: in small letters, A-labels (<c>xn--bcher-kva.example</c>) for what is beyond ASCII, no final dot.</summary>
    /// <value>An address literal with its brackets; empty where there is no domain. What can't be mapped by IDNA stays, in small letters.</value>
    public string AsciiDomain => _asciiDomain ??= CanonicalAddress.AsciiDomain(DomainBytes);

    /// <summary>Gets the domain as people read it: <see cref="AsciiDomain"/> with U-labels (<c>bücher.example</c>).</summary>
    public string UnicodeDomain => CanonicalAddress.UnicodeDomain(AsciiDomain);

    /// <summary>Gets the address in its plainest spelling: no source route, comments or white space, quotes only where the local part needs them. Case and a final dot stay.</summary>
    /// <value>Empty for the null sender.</value>
    public string Plain => Join(CanonicalAddress.Plain(LocalPartBytes), CanonicalAddress.Plain(DomainBytes));

    /// <summary>Gets the one spelling of the mailbox by which addresses are compared, and which is fit for lists and databases.</summary>
    /// <value>
    /// No source route, comments or white space; the local part in small letters, with quotes only where it needs them; <see cref="AsciiDomain"/>. Empty for the null sender.
    /// </value>
    /// <remarks>Local parts compare without case, against the letter of RFC 5321 (section 2.4): that is how mail is delivered, and a sender chooses the case. What follows a <c>+</c> stays.</remarks>
    public string Canonical => _canonical ??= Join(CanonicalAddress.LocalPart(LocalPartBytes), AsciiDomain);

    /// <summary>Gets the ESMTP arguments.</summary>
    public IReadOnlyList<string> Arguments { get; }

    /// <summary>Gets a value indicating whether this is the null sender.</summary>
    public bool IsNull => AddressBytes.IsEmpty;

    /// <summary>Gets a value indicating whether there is a source route.</summary>
    public bool HasRoute => _parts.HasRoute;

    private ReadOnlySpan<byte> AddressBytes => _bytes.AsSpan(_parts.Start, _parts.Length);

    private ReadOnlySpan<byte> LocalPartBytes => _parts.At < 0 ? AddressBytes : AddressParts.Trim(_bytes.AsSpan(_parts.Start.._parts.At));

    private ReadOnlySpan<byte> DomainBytes => _parts.At < 0 ? default : AddressParts.Trim(_bytes.AsSpan((_parts.At + 1)..(_parts.Start + _parts.Length)));

    /// <summary>Makes a path without arguments.</summary>
    /// <param name="address">The address, with or without angle brackets.</param>
    public static implicit operator MailPath(string address) => FromString(address);

    /// <summary>Makes a path without arguments.</summary>
    /// <param name="address">The address, with or without angle brackets.</param>
    /// <returns>The path.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="address"/> is <see langword="null"/>.</exception>
    public static MailPath FromString(string address) => new(address);

    /// <summary>Says whether another path is the same mailbox: both have one <see cref="Canonical"/>. Arguments do not matter.</summary>
    /// <param name="other">The other.</param>
    /// <returns>Whether it is.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="other"/> is <see langword="null"/>.</exception>
    public bool Is(MailPath other)
    {
        ArgumentNullException.ThrowIfNull(other);
        return Canonical == other.Canonical;
    }

    /// <summary>Finds what keeps the text from being one address that both Postfix and Sendmail take from a filter as it is meant.</summary>
    /// <returns>
    /// What is wrong, where, and how to mend it; <see langword="null"/> when all is well. The null sender is well. Special characters need quotes; one <c>@</c> at most; no
    /// comments, white space or control characters; no empty label in the domain; what has no domain is no program and no file.
    /// </returns>
    public string? Check() => AddressSyntax.Find(_bytes, _parts);

    /// <summary>Says whether another path is written alike, arguments included. For the same mailbox see <see cref="Is"/>.</summary>
    /// <param name="other">The other.</param>
    /// <returns>Whether it is.</returns>
    public bool Equals(MailPath? other) => other is not null && Text == other.Text && Arguments.SequenceEqual(other.Arguments);

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as MailPath);

    /// <inheritdoc/>
    public override int GetHashCode() => Text.GetHashCode(StringComparison.Ordinal);

    /// <summary>Says the path as in an SMTP command.</summary>
    /// <returns>The address in angle brackets, and the arguments.</returns>
    public override string ToString() => string.Join(' ', [$"<{Text}>", .. Arguments]);

    private static string Join(string local, string domain) =>
        domain.Length > 0 ? $"{CanonicalAddress.Quoted(local)}@{domain}" : local.Length > 0 ? CanonicalAddress.Quoted(local) : "";
}
