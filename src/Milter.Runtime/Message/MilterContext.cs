using Milter.Protocol;
using Milter.Message;

namespace Milter;

/// <summary>What there is to know about the connection to the MTA and the message. Valid in every stage; asks the MTA for nothing.</summary>
public sealed class MilterContext
{
    internal MilterContext(SessionFacts facts) => Facts = facts;

    /// <summary>Gets what is known of the session. A handler whose time was up keeps what was known then.</summary>
    internal SessionFacts Facts { get; }

    /// <summary>Gets the connection's id, unique in this process; every log line of the connection has it.</summary>
    public string ConnectionId => Facts.ConnectionId;

    /// <summary>Gets the MTA's end of the connection: address and port, or what is known of a unix socket's peer.</summary>
    public string Peer => Facts.Peer;

    /// <summary>Gets the endpoint that the milter listens on, in libmilter's spelling.</summary>
    public string EndPoint => Facts.EndPoint;

    /// <summary>Gets the latest queue id that the MTA has told (macro <c>i</c>), or <see langword="null"/>.</summary>
    /// <remarks>Postfix knows it from the second RCPT or DATA on, Sendmail from MAIL on.</remarks>
    public string? QueueId => Facts.QueueId;

    /// <summary>Gets a value indicating whether the SMTP client has authenticated (macro <c>{auth_authen}</c>).</summary>
    public bool IsAuthenticated => Facts.Text("auth_authen"u8) is { Length: > 0 };

    /// <summary>Gets a value indicating whether the SMTP session is encrypted (macro <c>{tls_version}</c>).</summary>
    public bool IsTls => Facts.Text("tls_version"u8) is { Length: > 0 };

    /// <summary>Gets the version of the protocol that was agreed on, 2 to 6.</summary>
    public int ProtocolVersion => (int)Facts.Terms.Version;

    /// <summary>Gets the actions that were agreed on (<c>SMFIF_*</c>).</summary>
    public MilterActions Actions => Facts.Terms.Actions;

    /// <summary>Gets the steps that are not sent, the replies that are waived and what else was agreed on (<c>SMFIP_*</c>).</summary>
    public ProtocolSteps Steps => Facts.Terms.Steps;

    /// <summary>Looks up a macro that the MTA happens to have sent (<c>smfi_getsymval</c>), from the latest stage to the earliest.</summary>
    /// <param name="name">The macro's name, with or without braces.</param>
    /// <returns>Its value, or <see langword="null"/> where the MTA has not sent it. To be sure that it is sent, take it as a <see cref="MacroAttribute"/> parameter.</returns>
    /// <exception cref="ArgumentException"><paramref name="name"/> is empty.</exception>
    public string? GetMacro(string name)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        return Facts.Text(WireText.GetBytes(name));
    }
}
