using Milter;
using Milter.Policy;

[Milter]
public sealed partial class Limited(PolicyLimits limits)
{
    [OnRcpt]
    async ValueTask<Verdict> To(string recipient, ConnectInfo? client, Authentication? login, CancellationToken cancellationToken) =>
        (await limits.AcquireAsync(PolicyLimitOf.Recipients, 1, client, login, cancellationToken)).Verdict;
}
