using Milter.Protocol;

namespace Milter.Mta.Filters;

/// <summary>Can't do its work unless it may change the sender.</summary>
[Milter]
public sealed partial class SenderFilter
{
    [OnEom]
    private static void End([Needs(MilterActions.ChangeSender)] EnvelopeEditor envelope, HeaderAdder headers)
    {
        envelope.ChangeSender("new@example.net");
        headers.Add("X-Seen", "yes");
    }
}
