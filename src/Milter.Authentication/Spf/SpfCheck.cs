using System.Net;

namespace Milter.Auth;

/// <summary>Asks SPF about a client, by either of its names (RFC 7208 sections 2.3, 2.4, 4.3).</summary>
internal sealed class SpfCheck(IDnsQuery dns, TimeProvider time, string? receiver)
{
    private const string Postmaster = "postmaster";
    private const string Unknown = "unknown";

    /// <summary>Judges the sender of the envelope; of the null sender the name at HELO.</summary>
    /// <param name="client">The client's address.</param>
    /// <param name="helo">The name at HELO.</param>
    /// <param name="sender">The sender without brackets; empty for the null sender.</param>
    /// <param name="cancellation">Ends the waiting.</param>
    public ValueTask<SpfResult> MailFromAsync(IPAddress client, string helo, string sender, CancellationToken cancellation)
    {
        int at = sender.LastIndexOf('@');
        string local = at > 0 ? sender[..at] : Postmaster;
        string domain = sender.Length == 0 ? helo : sender[(at + 1)..];
        return JudgeAsync(SpfIdentity.MailFrom, client, helo, local, domain, cancellation);
    }

    /// <summary>Judges the name at HELO.</summary>
    public ValueTask<SpfResult> HeloAsync(IPAddress client, string helo, CancellationToken cancellation) =>
        JudgeAsync(SpfIdentity.Helo, client, helo, Postmaster, helo, cancellation);

    private async ValueTask<SpfResult> JudgeAsync(SpfIdentity identity, IPAddress client, string helo, string local, string domain, CancellationToken cancellation)
    {
        var request = new SpfRequest(DnsNames.Plain(client), local, domain, helo, receiver ?? Unknown, time.GetUtcNow());
        SpfOutcome outcome = await new SpfEvaluation(dns, request).CheckAsync(domain, isIncluded: false, cancellation).ConfigureAwait(false);
        return new SpfResult(outcome.Result, outcome.Reason, identity, domain, $"{local}@{domain}", outcome.Explanation);
    }
}
