using Milter.Client;

namespace Milter.Mta.Tests;

/// <summary>What a client does in a session, to be said to a server and to a personality alike. EHLO comes first and QUIT last by themselves.</summary>
internal abstract record Move
{
    /// <summary>EHLO once more.</summary>
    public sealed record Hello(string Name) : Move;

    /// <summary>A whole message. Where its DATA is refused, or no recipient is left, RSET follows.</summary>
    /// <param name="From">The sender.</param>
    /// <param name="To">The recipients in their order.</param>
    /// <param name="Content">Header and body, with CR LF.</param>
    public sealed record Message(MailPath From, IReadOnlyList<Recipient> To, string Content) : Move;

    /// <summary>MAIL and RCPT, and nothing more.</summary>
    public sealed record Begin(MailPath From, params IReadOnlyList<Recipient> To) : Move;

    /// <summary>STARTTLS, and EHLO after it.</summary>
    public sealed record StartTls : Move;

    /// <summary>RSET.</summary>
    public sealed record Reset : Move;

    /// <summary>A command that no server knows.</summary>
    public sealed record Unknown(string Line) : Move;
}

/// <summary>A recipient of a case.</summary>
/// <param name="Path">Its address and arguments.</param>
/// <param name="IsRefused">Whether the server refuses it by itself.</param>
internal sealed record Recipient(MailPath Path, bool IsRefused = false)
{
    /// <summary>Gets what a server says to it when it refuses it, as far as filters are told.</summary>
    public (string Code, string Text) RefusalOf(MtaKind kind) =>
        (kind == MtaKind.Sendmail && Path.Address.StartsWith('"') ? "5.7.1" : "5.1.1", "Recipient address rejected: No such user here");

    public static implicit operator Recipient(string address) => new(new MailPath(address));

    /// <summary>A recipient that the server refuses by itself, after its own rules have let it pass: both tell such a one to filters that ask.</summary>
    public static Recipient Refused(string address) => new(new MailPath(address), IsRefused: true);
}
