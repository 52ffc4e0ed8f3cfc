using System.Net;

namespace Quickstart.Demo;

/// <summary>A message and how it comes to the MTA.</summary>
/// <param name="Title">What it is about.</param>
/// <param name="Message">Envelope, header and body.</param>
/// <param name="ClientName">The client's verified host name.</param>
/// <param name="ClientAddress">Its address; <see langword="null"/> where the MTA knows none.</param>
internal sealed record Letter(string Title, MailMessage Message, string ClientName, IPAddress? ClientAddress)
{
    /// <summary>The name under which the client has logged in, if it has.</summary>
    public string? Login { get; init; }

    /// <summary>The value of a macro, in the way of Postfix; <see langword="null"/> where there is none.</summary>
    public string? Macro(string name, MtaStep step, string recipient) => name switch
    {
        "j" or "{daemon_name}" => "mx.example.net",
        "{daemon_addr}" => "192.0.2.25",
        "{daemon_port}" => "25",
        "v" => "Postfix 3.7.11",
        "_" => $"{ClientName} [{ClientAddress?.ToString() ?? "unknown"}]",
        "{client_addr}" => ClientAddress?.ToString() ?? "unknown",
        "{client_name}" or "{client_ptr}" => ClientName,
        "{auth_authen}" => Login,
        "{auth_type}" when Login is not null => "PLAIN",
        "{mail_addr}" => Message.Sender.Trim('<', '>'),
        "{mail_mailer}" or "{rcpt_mailer}" => "smtp",
        "{rcpt_addr}" => recipient.Trim('<', '>'),
        // The queue file is made at the first recipient.
        "i" or "{i}" when step != MtaStep.Connect && step != MtaStep.Helo && step != MtaStep.Mail => "4cXk2P6hRbz1",
        _ => null,
    };
}
