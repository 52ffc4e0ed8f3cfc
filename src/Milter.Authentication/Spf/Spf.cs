namespace Milter.Auth;

/// <summary>SPF of a message's facts.</summary>
internal static class Spf
{
    public static async ValueTask<SpfResult> JudgeAsync(IDnsQuery dns, TimeProvider time, string? receiver, SenderFacts facts, SpfIdentity identity, CancellationToken cancellation)
    {
        if (facts.NotApplicable is { } reason)
        {
            return new SpfResult(AuthResult.None, reason, identity, "", facts.Sender) { IsApplicable = false };
        }

        if (facts.Client is not { } client)
        {
            return new SpfResult(AuthResult.None, facts.ClientProblem ?? "the client is not known", identity, "", facts.Sender);
        }

        var check = new SpfCheck(dns, time, receiver);
        return identity == SpfIdentity.Helo
            ? await check.HeloAsync(client, facts.Helo, cancellation).ConfigureAwait(false)
            : await check.MailFromAsync(client, facts.Helo, facts.Sender, cancellation).ConfigureAwait(false);
    }
}
