using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;

namespace Milter.Auth;

/// <summary>What signing needs.</summary>
internal sealed partial class DkimSigningServices(IOptionsMonitor<DkimSigningOptions> options, ILogger<DkimSigningServices>? log = null, TimeProvider? time = null)
{
    private readonly ILogger _log = log ?? NullLogger<DkimSigningServices>.Instance;

    // As the host has checked them at its start: a key that has become unreadable since is what OnFailure is for.
    public DkimSigningOptions Options { get; } = options.CurrentValue;

    public SigningKeys Keys { get; } = new();

    public TimeProvider Time { get; } = time ?? TimeProvider.System;

    /// <summary>Finds the keys of a domain: its own, or those of the nearest domain above it that signs for it.</summary>
    public IReadOnlyList<DkimSigningKey> Of(string domain)
    {
        for (string? at = domain; at is not null; at = at.IndexOf('.', StringComparison.Ordinal) is >= 0 and var dot ? at[(dot + 1)..] : null)
        {
            DkimSigningKey[] found = [.. Options.Keys.Where(key => DnsNames.Normal(key.Domain) == at)];
            if (found.Length > 0)
            {
                return at == domain ? found : [.. found.Where(static key => key.Subdomains)];
            }
        }

        return [];
    }

    [LoggerMessage(400, LogLevel.Error, "{QueueId}: mail from {Domain} is to be signed and can't be: {Problem}. It {Outcome} (DkimSigning:OnFailure).")]
    public partial void CanNotSign(string? queueId, string domain, string problem, string outcome);

    public void CanNotSign(string? queueId, string domain, string problem) =>
        CanNotSign(queueId, domain, problem, Options.OnFailure == DkimSigningFailure.TempFail ? "is refused for now" : "passes unsigned");
}
