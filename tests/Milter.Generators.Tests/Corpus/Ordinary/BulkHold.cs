using Milter;

namespace Ordinary.BulkHold;

[Milter]
public sealed partial class Filter
{
    [OnEom]
    private static Verdict End(MessageEnvelope envelope, Authentication? login, Quarantine? quarantine)
    {
        if (login is not null && envelope.Recipients.Count > 100)
        {
            quarantine?.Hold($"{login.Identity} writes to {envelope.Recipients.Count}");
        }

        return Verdict.Continue;
    }
}
