using Milter;
using Milter.Policy;

namespace Samples.Greylist;

/// <summary>Puts off whoever is new, by client, sender and recipient. Who has logged in and this machine itself are not asked.</summary>
/// <remarks>Waits per message: one for each recipient, since each may be new or known by itself.</remarks>
[Milter]
internal sealed partial class Greylister(Milter.Policy.Greylist greylist)
{
    [OnRcpt]
    private async ValueTask<Verdict> To(
        ConnectInfo? client, Authentication? login, MessageEnvelope envelope, EnvelopeAddress recipient, CancellationToken cancellationToken) =>
        (await greylist.CheckAsync(client, login, envelope.Sender, recipient, cancellationToken)).Verdict;
}
