namespace Milter.Mta.Tests;

/// <summary>What a server does with mail when a milter cannot be used.</summary>
public enum MilterFailure
{
    /// <summary>A 4xx reply.</summary>
    TempFail,

    /// <summary>The mail goes through as if there were no milter.</summary>
    Accept,

    /// <summary>A 5xx reply.</summary>
    Reject,

    /// <summary>A 421 reply and the end of the session.</summary>
    Shutdown,
}

/// <summary>How long a server waits for a milter.</summary>
public sealed record MilterTimeouts(TimeSpan Connect, TimeSpan Command, TimeSpan EndOfMessage)
{
    /// <summary>Long enough for a busy machine; a test that waits for one of these has failed anyway.</summary>
    public static MilterTimeouts Gentle { get; } =
        new(TimeSpan.FromSeconds(30), TimeSpan.FromSeconds(60), TimeSpan.FromSeconds(300));
}

/// <summary>How a server is configured, in words that both know.</summary>
public sealed record MtaOptions
{
    /// <summary>The milters that see mail from SMTP, first one first.</summary>
    public IReadOnlyList<MilterEndpoint> Milters { get; init; } = [];

    /// <summary>What happens when a milter is away or breaks the protocol.</summary>
    public MilterFailure OnMilterFailure { get; init; } = MilterFailure.TempFail;

    /// <summary>The waiting times for milters, or null for the server's own.</summary>
    public MilterTimeouts? Timeouts { get; init; } = MilterTimeouts.Gentle;

    /// <summary>Whether mail from the <c>sendmail</c> command passes the milters too.</summary>
    public bool FilterLocalSubmission { get; init; }

    /// <summary>Whether STARTTLS is offered, with a certificate of the test's own.</summary>
    public bool Tls { get; init; }

    /// <summary>Whether clients are asked for a certificate in STARTTLS; trusted are those that the server's own has signed.</summary>
    public bool AsksForCertificates { get; init; }

    /// <summary>Networks whose clients may send to every domain, such as <c>127.0.0.0/8</c>.</summary>
    public IReadOnlyList<string> MyNetworks { get; init; } = ["127.0.0.0/8"];

    /// <summary>Domains, with their subdomains, to which every client may send.</summary>
    public IReadOnlyList<string> RelayDomains { get; init; } = ["example.com", "example.net", "example.org"];

    /// <summary>Domains whose recipients the server refuses by itself with 550 5.1.1.</summary>
    public IReadOnlyList<string> RefusedDomains { get; init; } = ["refused.example"];

    /// <summary>Whether the server turns its 5xx replies into 4xx.</summary>
    public bool SoftBounce { get; init; }

    /// <summary>What only Postfix has.</summary>
    public PostfixOptions Postfix { get; init; } = new();

    /// <summary>What only Sendmail has.</summary>
    public SendmailOptions Sendmail { get; init; } = new();
}

/// <summary>What only Postfix has.</summary>
public sealed record PostfixOptions
{
    /// <summary>Whether SMTPUTF8 is offered (Debian's Sendmail is built without).</summary>
    public bool SmtpUtf8 { get; init; }

    /// <summary>Whether the client may say XCLIENT, and so pretend any address and name.</summary>
    public bool Xclient { get; init; }

    /// <summary>The <c>milter_protocol</c>: 2, 3, 4 or 6.</summary>
    public int MilterProtocol { get; init; } = 6;

    /// <summary>More <c>name = value</c> lines of main.cf; they replace ours of the same name.</summary>
    public IReadOnlyList<string> MainCf { get; init; } = [];
}

/// <summary>What only Sendmail has.</summary>
public sealed record SendmailOptions
{
    /// <summary>More lines of the .mc file, placed before its <c>MAILER</c> lines.</summary>
    public IReadOnlyList<string> Mc { get; init; } = [];
}
