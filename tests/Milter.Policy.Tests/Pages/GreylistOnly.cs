using Milter;
using Milter.Policy;

[Milter]
public sealed partial class GreylistOnly(Greylist greylist)
{
    [OnRcpt]
    async ValueTask<Verdict> To(ConnectInfo? client, Authentication? login, MessageEnvelope envelope, EnvelopeAddress recipient, CancellationToken cancellationToken) =>
        (await greylist.CheckAsync(client, login, envelope.Sender, recipient, cancellationToken)).Verdict;
}
