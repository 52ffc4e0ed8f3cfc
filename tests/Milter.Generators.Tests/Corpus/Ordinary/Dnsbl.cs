using System.Net;
using System.Threading;
using System.Threading.Tasks;
using Milter;

namespace Ordinary.Dnsbl;

public interface IBlockList
{
    ValueTask<string?> ReasonAsync(IPAddress address, CancellationToken cancellationToken);
}

[Milter]
public sealed partial class Filter(IBlockList list)
{
    private static readonly Verdict s_listed = Verdict.Reject(554, "5.7.1", "Your address is on a block list");

    [OnConnect]
    private async ValueTask<Verdict> Connected([ClientAddress] IPAddress? client, CancellationToken cancellationToken)
    {
        if (client is null || IPAddress.IsLoopback(client))
        {
            return Verdict.Continue;
        }

        string? reason = await list.ReasonAsync(client, cancellationToken).ConfigureAwait(false);
        return reason is null ? Verdict.Continue : s_listed;
    }
}
