using Milter;
using Milter.Policy;

[Milter]
public sealed partial class Acquaintances(KnownSenders known)
{
    [OnEom]
    async ValueTask<Verdict> End(MessageEnvelope envelope, Authentication? login, HeaderEditor headers, CancellationToken cancellationToken)
    {
        string sender = envelope.Sender.Address;
        foreach (EnvelopeAddress recipient in envelope.Recipients)
        {
            if (login is not null)
            {
                await known.NoteAsync(sender, recipient.Address, cancellationToken);
            }
            else if (await known.IsKnownAsync(sender, recipient.Address, cancellationToken) is false)
            {
                headers.Set("X-Unknown-Sender", "yes");
                break;
            }
        }

        return Verdict.Continue;
    }
}
