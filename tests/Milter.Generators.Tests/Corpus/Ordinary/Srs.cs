using Milter;

namespace Ordinary.Srs;

public interface ISrs
{
    string Rewrite(string address);
}

[Milter]
public sealed partial class Filter(ISrs srs)
{
    [OnEom]
    private void End(MessageEnvelope envelope, [Needs(Milter.Protocol.MilterActions.ChangeSender)] EnvelopeEditor editor)
    {
        if (!envelope.Sender.IsNull)
        {
            editor.ChangeSender(srs.Rewrite(envelope.Sender.Address));
        }
    }
}
