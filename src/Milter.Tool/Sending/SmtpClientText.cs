using System.Net;
using Milter.Client;

namespace Milter.Tool;

/// <summary>The SMTP client as it is written on the command line.</summary>
internal static class SmtpClientText
{
    public const string Default = "client.example.test[192.0.2.7]";

    /// <summary>Reads <c>ADDRESS</c>, <c>NAME[ADDRESS]</c>, <c>local</c> or <c>unknown</c>.</summary>
    public static SmtpSession Parse(string text)
    {
        if (text == "local")
        {
            return new SmtpSession(new SmtpClientInfo { HostName = "localhost", Address = IPAddress.Loopback }) { Origin = MailOrigin.Local };
        }

        if (text == "unknown")
        {
            return new SmtpSession(new SmtpClientInfo());
        }

        int open = text.IndexOf('[', StringComparison.Ordinal);
        string name = open > 0 && text.EndsWith(']') ? text[..open] : "";
        string address = open >= 0 && text.EndsWith(']') ? text[(open + 1)..^1] : text;
        return IPAddress.TryParse(address, out IPAddress? parsed)
            ? new SmtpSession(new SmtpClientInfo { Address = parsed, HostName = name.Length > 0 ? name : null, Port = 43826 })
            : throw new FormatException($"\"{text}\" is no client: write an address (192.0.2.7), a name with its address (mail.example.test[192.0.2.7]), local or unknown.");
    }
}
