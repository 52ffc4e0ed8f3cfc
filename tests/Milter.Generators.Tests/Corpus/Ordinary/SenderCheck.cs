using System.Net;
using System.Threading;
using System.Threading.Tasks;
using Milter;

namespace Ordinary.SenderCheck;

public interface ISenders
{
    Task<bool> MaySendAsync(IPAddress client, string domain, CancellationToken cancellationToken);
}

[Milter]
public sealed partial class Filter(ISenders senders)
{
    [PerMessage]
    private bool _failed;

    [OnMail]
    private async Task From(EnvelopeAddress sender, ConnectInfo? client, CancellationToken cancellationToken) =>
        _failed = client?.Address is { } address && !sender.IsNull && !await senders.MaySendAsync(address, sender.Domain, cancellationToken).ConfigureAwait(false);

    [OnEom]
    private void End(HeaderEditor headers) => headers.Prepend("X-Sender-Check", _failed ? "fail" : "pass");
}
