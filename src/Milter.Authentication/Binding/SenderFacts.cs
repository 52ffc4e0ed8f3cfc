using System.Net;

namespace Milter.Auth;

/// <summary>Who has sent a message, as far as the connection tells.</summary>
/// <param name="Client">The client's address; <see langword="null"/> where it is not known.</param>
/// <param name="Helo">The name at HELO; empty where there was none.</param>
/// <param name="Sender">The envelope's sender without brackets; empty for the null sender.</param>
/// <param name="NotApplicable">Why the client is not judged; <see langword="null"/> where it is.</param>
/// <param name="ClientProblem">Why the client is not known.</param>
internal sealed record SenderFacts(IPAddress? Client, string Helo, string Sender, string? NotApplicable = null, string? ClientProblem = null)
{
    /// <summary>Gathers the facts of a message.</summary>
    /// <param name="context">What was collected.</param>
    /// <param name="options">Whom to trust.</param>
    /// <param name="received">The fields Received, from the top; <see langword="null"/> where they are not there yet.</param>
    public static SenderFacts Of(MessageBindingContext context, AuthenticationOptions options, IEnumerable<string>? received)
    {
        IPAddress? client = context.Client.Address is { } address ? DnsNames.Plain(address) : null;
        string helo = context.Helo ?? "";
        string sender = context.Envelope.Sender.Address;
        if (context.Connection.IsAuthenticated)
        {
            return new(client, helo, sender, "the client has logged in");
        }

        if (context.Client.IsLocal || options.LocalClients.Contains(client))
        {
            return new(client, helo, sender, "the client is local");
        }

        if (!options.TrustedRelays.Contains(client))
        {
            return new(client, helo, sender, null, client is null ? "the MTA does not tell the client's address" : null);
        }

        return received is null
            ? new(null, "", sender, null, "the client is a relay of our own, and who gave it the message is in the header")
            : ReceivedClient.Of(received, options) is var (first, name)
                ? new(first, name, sender)
                : new(null, "", sender, null, "the client is a relay of our own, and its Received does not tell who gave it the message");
    }
}
