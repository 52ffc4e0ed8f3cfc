using System.Threading;
using System.Threading.Tasks;
using Milter;

namespace Ordinary.RateLimit;

public interface ICounters
{
    ValueTask<int> CountAsync(string user, CancellationToken cancellationToken);
}

[Milter]
public sealed partial class Filter(ICounters counters)
{
    private static readonly Verdict s_slower = Verdict.TempFail(450, "4.7.1", "Too many messages in this hour");

    [OnMail]
    private async Task<Verdict> From(Authentication? login, CancellationToken cancellationToken) =>
        login is not null && await counters.CountAsync(login.Identity, cancellationToken).ConfigureAwait(false) > 200 ? s_slower : Verdict.Continue;
}
