using Microsoft.Extensions.Logging;

namespace Milter;

/// <summary>How a milter listens, how much time and memory it takes, and what it does when something goes wrong.</summary>
/// <remarks>
/// In a host these are named options, the name being the class's. They are read from the configuration section <c>Milter</c> and, on top of it, from
/// <c>Milter:Milters:&lt;Name&gt;</c>; what is configured wins over what <c>AddMilter</c> was given in code. They are checked when the host starts,
/// which fails on a key of these sections that is no option, too, and again at a reload (<see cref="OnHangup"/>, <see cref="MilterReloader"/>, <see cref="MilterServer.Reload"/>):
/// connections from then on have the new ones, but for those that say here that they take a restart. Durations are written <c>hh:mm:ss</c>.
/// </remarks>
public sealed class MilterOptions
{
    private StreamSecurity? _security;

    /// <summary>Gets or sets where to listen, in a spelling of <see cref="MilterEndPoint"/>: <c>inet:9199@localhost</c>, <c>unix:/run/tagger/tagger.sock</c>. Takes a restart.</summary>
    /// <value><see langword="null"/> by default, which is refused at the start. In the section <c>Milter</c> it is for the only milter; several need one each.</value>
    public string? Listen { get; set; }

    /// <summary>Gets or sets the rights of a unix socket, in octal. Takes a restart.</summary>
    /// <value><c>0660</c> by default: owner and group. Connecting needs the right to write.</value>
    /// <remarks>The MTA's user has to be owner or in the group: see <see cref="SocketGroup"/>.</remarks>
    public string SocketMode { get; set; } = "0660";

    /// <summary>Gets or sets the user that a unix socket belongs to, by name or number. Only root may set another than itself. Takes a restart.</summary>
    /// <value><see langword="null"/> by default: the user that the process runs as.</value>
    public string? SocketOwner { get; set; }

    /// <summary>Gets or sets the group that a unix socket belongs to, by name or number, such as <c>postfix</c>. The process has to be in that group, or root. Takes a restart.</summary>
    /// <value><see langword="null"/> by default: the group that the process runs as. Then the MTA's user has to be in that one.</value>
    public string? SocketGroup { get; set; }

    /// <summary>Gets or sets how many connections are served at a time. Those beyond are taken, and told <c>421</c> at their next MAIL.</summary>
    /// <value>0 by default: no limit. All connections come from MTAs, which have limits of their own (Postfix: <c>default_process_limit</c>, 100).</value>
    public int MaxConnections { get; set; }

    /// <summary>Gets or sets how many connections may be open at all. At that number no more are taken: callers wait until one ends.</summary>
    /// <value>0 by default: as many as the process may have open files (<c>RLIMIT_NOFILE</c>, systemd's <c>LimitNOFILE=</c>), less a reserve for everything else.</value>
    public int MaxOpenConnections { get; set; }

    /// <summary>Gets or sets how long a new connection may take to begin the negotiation. Then it is closed; no MTA takes that long, and nothing was agreed on yet.</summary>
    /// <value>60 s by default; from 1 s to 1 h.</value>
    public TimeSpan FirstPacketTimeout { get; set; } = TimeSpan.FromSeconds(60);

    /// <summary>Gets or sets how long an MTA may be silent, or not take what was written, before its connection is closed.</summary>
    /// <value>7210 s by default, as with libmilter; from 1 s to 7 days. Below an MTA's own timeouts it cuts sessions that go on, and what follows in them passes unfiltered.</value>
    public TimeSpan IdleTimeout { get; set; } = TimeSpan.FromSeconds(7210);

    /// <summary>Gets or sets how long the handlers of one command may take, waived work before it included. Then their token fires, and after <see cref="ExpiryGrace"/> the verdict <see cref="OnExpiry"/> is given.</summary>
    /// <value>8 s by default: below Sendmail's 10 s (<c>T=S:10s;R:10s</c>) and Postfix's 30 s (<c>milter_command_timeout</c>). From 10 ms to 240 s.</value>
    public TimeSpan CommandBudget { get; set; } = TimeSpan.FromSeconds(8);

    /// <summary>Gets or sets how long the handlers of the end of a message may take.</summary>
    /// <value>120 s by default; from 10 ms to 240 s. Beyond that senders give up waiting, and send the message a second time.</value>
    public TimeSpan EndOfMessageBudget { get; set; } = TimeSpan.FromSeconds(120);

    /// <summary>Gets or sets how often the MTA is told that the filter still works, while handlers of the end of a message run (<c>SMFIR_PROGRESS</c>).</summary>
    /// <value>3 s by default; from 10 ms to 60 s. It has to be well below the MTA's timeout for a reply.</value>
    public TimeSpan ProgressInterval { get; set; } = TimeSpan.FromSeconds(3);

    /// <summary>Gets or sets how long a handler has, once its token has fired, to give a verdict of its own.</summary>
    /// <value>250 ms by default; from 0 to 10 s.</value>
    public TimeSpan ExpiryGrace { get; set; } = TimeSpan.FromMilliseconds(250);

    /// <summary>Gets or sets the verdict for a handler that throws.</summary>
    /// <value><see cref="FailureVerdict.TempFail"/> by default.</value>
    public FailureVerdict OnException { get; set; }

    /// <summary>Gets or sets the verdict for a handler whose time is spent.</summary>
    /// <value><see cref="FailureVerdict.TempFail"/> by default.</value>
    public FailureVerdict OnExpiry { get; set; }

    /// <summary>Gets or sets what to do where the MTA does not offer an action that the filter requires.</summary>
    /// <value><see cref="MissingCapability.TempFail"/> by default.</value>
    public MissingCapability OnMissingCapability { get; set; }

    /// <summary>Gets or sets how long sessions have to come to their end when the server stops. Meanwhile each is told <c>421</c> at its next MAIL or RCPT.</summary>
    /// <value>30 s by default; from 0 to 1 h. A host also has its own limit, <c>HostOptions.ShutdownTimeout</c>, 30 s by default, and systemd <c>TimeoutStopSec=</c>: the shortest of them holds.</value>
    public TimeSpan DrainTimeout { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>Gets or sets how long a session without an open message may be silent once the server stops; then it is closed, with no command pending.</summary>
    /// <value>5 s by default; from 0 to 1 h, and never longer than <see cref="DrainTimeout"/>.</value>
    /// <remarks>
    /// Without it one idle SMTP client would hold up a restart for <see cref="DrainTimeout"/>. What that client sends next gets what the MTA does without its filter: it is put off under Postfix's <c>tempfail</c>
    /// and Sendmail's <c>F=T</c>, and passes unfiltered under <c>accept</c> and without <c>F=</c>. Who runs these sets it to <see cref="DrainTimeout"/>.
    /// </remarks>
    public TimeSpan IdleDrainTimeout { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>Gets or sets what SIGHUP does to a program that runs by <c>RunMilterAsync</c>. Of the process: the section <c>Milter</c> has it, and not a milter's own. Takes a restart.</summary>
    /// <value><see cref="MilterHangup.Drain"/> by default, as with libmilter. Of several milters in a host the first one's holds.</value>
    public MilterHangup OnHangup { get; set; }

    /// <summary>Gets or sets from which addresses a connection over TCP is taken: addresses, networks, ranges. A peer from elsewhere is closed before the negotiation.</summary>
    /// <value>Empty by default: from everywhere. A list that lacks an address of the MTA's is an outage; where the MTA lets mail pass without its filter, it is a bypass.</value>
    public IpNetworkSet AllowedNetworks { get; set; } = [];

    /// <summary>Gets or sets whose processes may connect over a unix socket: users by name or number, besides the members of <see cref="AllowedGroups"/>. Linux only. Another's connection is closed before the negotiation.</summary>
    /// <value>Empty by default, as <see cref="AllowedGroups"/> is: whoever the rights of the socket let in. The user is the one that the process ran as when it connected (<c>SO_PEERCRED</c>).</value>
    public IList<string> AllowedUsers { get; set; } = [];

    /// <summary>Gets or sets which groups' processes may connect over a unix socket, by name or number, besides <see cref="AllowedUsers"/>. Linux only.</summary>
    /// <value>Empty by default. The group is the one that the process ran as when it connected; others that its user is in do not count.</value>
    public IList<string> AllowedGroups { get; set; } = [];

    /// <summary>Gets or sets a value indicating whether frames above 64 KiB, up to 1 MiB, are agreed where the MTA offers them (<c>SMFIP_MDS_256K</c>, <c>SMFIP_MDS_1M</c>).</summary>
    /// <value><see langword="false"/> by default. Each connection may hold that much more memory.</value>
    public bool AllowLargeData { get; set; }

    /// <summary>Gets or sets how many bytes of a body are kept in memory, where a handler takes <c>MessageBody</c>; a longer one goes to a file.</summary>
    /// <value>2,097,152 (2 MiB) by default, which is nearly all mail; 0 puts every body into a file.</value>
    public int BodyMemoryThreshold { get; set; } = 2 * 1024 * 1024;

    /// <summary>Gets or sets how many bytes of a body are kept at all; a longer one is not available to handlers that take <c>MessageBody</c>.</summary>
    /// <value>67,108,864 (64 MiB) by default; at least 0.</value>
    public long MaxBodySize { get; set; } = 64L * 1024 * 1024;

    /// <summary>Gets or sets the folder for bodies that don't stay in memory. It has to exist.</summary>
    /// <value><see langword="null"/> by default: the system's folder for temporary files.</value>
    public string? SpoolFolder { get; set; }

    /// <summary>Gets or sets how many bytes of replies wait for an MTA that does not take them, before nothing more is read of it. A new body, and whatever is larger, waits where it is kept.</summary>
    /// <value>65,536 (64 KiB) by default; from 4 KiB to 16 MiB.</value>
    public int MaxBufferedOutput { get; set; } = 64 * 1024;

    /// <summary>Gets or sets how many bytes of memory all connections of the process may hold: replies that are not taken, input that waits, what is collected of messages. Takes a restart.</summary>
    /// <remarks>Above it bodies go to temporary files at once, messages that begin are refused with 452 4.3.1, and of connections that take nothing for 30 s the one that owes most is closed.</remarks>
    /// <value>0 by default: a quarter of what the process may have (the container's limit, or the machine's memory). Of several milters in a host the first one's holds.</value>
    public long MemoryBudget { get; set; }

    /// <summary>Gets or sets how many bytes of temporary files all connections of the process may hold. Above it, and where the disk is full, messages that begin or grow are refused with 452 4.3.1. Takes a restart.</summary>
    /// <value>0 by default: as many as the disk has. Of several milters in a host the first one's holds.</value>
    public long SpoolBudget { get; set; }

    /// <summary>Gets or sets how many handlers may be left behind that do not return although their time is up. At that number the filter is not asked any more: <see cref="OnExpiry"/> is given at once. Takes a restart.</summary>
    /// <value>100 by default; 0 for no limit. Each holds a thread or whatever it waits for. Of several milters in a host the first one's holds.</value>
    public int MaxLateHandlers { get; set; } = 100;

    /// <summary>Gets or sets a value indicating whether a line is logged for each message, like a receipt (event 210): queue id, outcome, the verdict with its stage and methods, edits, waits, time; client, sender, recipients and Message-ID as far as the MTA tells them.</summary>
    /// <value><see langword="false"/> by default.</value>
    public bool LogMessages { get; set; }

    /// <summary>Gets or sets the key with which senders, recipients and subjects are hashed in the line of <see cref="LogMessages"/> (HMAC-SHA256, 16 hexadecimal digits), so that it can be seen that two are the same, and not what they are.</summary>
    /// <value><see langword="null"/> by default: addresses are written as they are, as MTAs do, and subjects are not written. At least 16 characters.</value>
    public string? LogKey { get; set; }

    /// <summary>Gets or sets from which level on the log has to be written for handlers to run in a scope of it, which has the connection's id and the queue id (<c>Connection</c>, <c>QueueId</c>).</summary>
    /// <value><see cref="LogLevel.Information"/> by default: where the log is written from Warning on only, there is no scope, and messages cost nothing. <see cref="LogLevel.None"/> for no scope ever.</value>
    public LogLevel LogScopes { get; set; } = LogLevel.Information;

    /// <summary>Gets or sets a value indicating whether a new body with lines of more than 998 bytes is told of in the log (event 216): MTAs break such lines after signers have seen them whole.</summary>
    /// <value><see langword="false"/> by default. The body is sent as it is.</value>
    public bool WarnOfLongLines { get; set; }

    /// <summary>Gets or sets what carries connections. Takes a restart.</summary>
    /// <value><see cref="MilterTransport.Automatic"/> by default: loops of our own on Linux, which is faster.</value>
    public MilterTransport Transport { get; set; }

    /// <summary>Gets or sets how many threads serve connections on Linux, each with a share of them; handlers that block get threads besides. Takes a restart.</summary>
    /// <value>0 by default: one a processor, eight at most. Up to 256.</value>
    public int LoopThreads { get; set; }

    /// <summary>Gets or sets how many header fields of a message are collected for parameters that take them. A message with more is refused with 552 5.3.4.</summary>
    /// <value>10,000 by default. Filters that collect no header fields have no limit.</value>
    public int MaxHeaderFields { get; set; } = 10_000;

    /// <summary>Gets or sets how many bytes of header fields, names and values, are collected of a message. A message with more is refused with 552 5.3.4.</summary>
    /// <value>4 MiB by default.</value>
    public int MaxHeaderSize { get; set; } = 4 * 1024 * 1024;

    /// <summary>Gets or sets how many recipients of a message are collected for parameters that take them. Those beyond are refused with 452 4.5.3, which has the client send them in another message.</summary>
    /// <value>50,000 by default.</value>
    public int MaxRecipients { get; set; } = 50_000;

    /// <summary>Gets or sets how many bytes of recipients, arguments included, are collected of a message. Those beyond are refused with 452 4.5.3, which has the client send them in another message.</summary>
    /// <value>8 MiB by default.</value>
    public int MaxEnvelopeSize { get; set; } = 8 * 1024 * 1024;

    /// <summary>Gets the time after which a silent session without an open message is closed at a stop.</summary>
    internal TimeSpan IdleDrain => IdleDrainTimeout < DrainTimeout ? IdleDrainTimeout : DrainTimeout;

    /// <summary>Says what encrypts connections over TCP; <see langword="null"/> for nothing.</summary>
    internal StreamSecurity? GetSecurity() => _security;

    /// <summary>Sets it. Not by a property: the configuration knows those, and this is for code.</summary>
    internal void SetSecurity(StreamSecurity? security) => _security = security;

    /// <summary>Makes a copy of which nobody else has a hold.</summary>
    internal MilterOptions Clone()
    {
        var copy = (MilterOptions)MemberwiseClone();
        copy.AllowedNetworks = new IpNetworkSet(AllowedNetworks);
        copy.AllowedUsers = [.. AllowedUsers];
        copy.AllowedGroups = [.. AllowedGroups];
        return copy;
    }
}
