namespace Milter.Client;

/// <summary>An address of the envelope with its ESMTP arguments, as MAIL and RCPT have it.</summary>
/// <remarks>A <see cref="string"/> converts: <c>"ann@example.test"</c>, with or without angle brackets; empty or <c>&lt;&gt;</c> is the null sender.</remarks>
public sealed class MailPath : IEquatable<MailPath>
{
    /// <summary>Makes a path.</summary>
    /// <param name="address">The address; one pair of angle brackets around it is taken off. Not normalized in any other way.</param>
    /// <param name="arguments">ESMTP arguments, each a string of its own: <c>SIZE=100</c>, <c>NOTIFY=NEVER</c>.</param>
    public MailPath(string address, params string[] arguments)
        : this(address, (IReadOnlyList<string>)arguments)
    {
    }

    /// <summary>Makes a path.</summary>
    /// <param name="address">The address; one pair of angle brackets around it is taken off.</param>
    /// <param name="arguments">ESMTP arguments.</param>
    public MailPath(string address, IReadOnlyList<string> arguments)
    {
        ArgumentNullException.ThrowIfNull(address);
        ArgumentNullException.ThrowIfNull(arguments);
        Address = address is ['<', .., '>'] ? address[1..^1] : address;
        Arguments = arguments;
    }

    /// <summary>Gets the null sender, <c>&lt;&gt;</c>.</summary>
    public static MailPath Null { get; } = new("");

    /// <summary>Gets the address without angle brackets; empty for the null sender.</summary>
    public string Address { get; }

    /// <summary>Gets the ESMTP arguments.</summary>
    public IReadOnlyList<string> Arguments { get; }

    /// <summary>Gets what follows the last <c>@</c>; empty when there is none.</summary>
    public string Domain => Address.LastIndexOf('@') is >= 0 and var at ? Address[(at + 1)..] : "";

    /// <summary>Makes a path without arguments.</summary>
    /// <param name="address">The address, with or without angle brackets.</param>
    public static implicit operator MailPath(string address) => FromString(address);

    /// <summary>Makes a path without arguments.</summary>
    /// <param name="address">The address, with or without angle brackets.</param>
    /// <returns>The path.</returns>
    public static MailPath FromString(string address) => new(address);

    /// <inheritdoc/>
    public bool Equals(MailPath? other) => other is not null && Address == other.Address && Arguments.SequenceEqual(other.Arguments);

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as MailPath);

    /// <inheritdoc/>
    public override int GetHashCode() => Address.GetHashCode(StringComparison.Ordinal);

    /// <summary>Says the path as in an SMTP command.</summary>
    /// <returns>The address in angle brackets, and the arguments.</returns>
    public override string ToString() => string.Join(' ', [$"<{Address}>", .. Arguments]);
}
