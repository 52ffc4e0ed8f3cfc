using System;
using Milter;

namespace Ordinary.SpamFlag;

[Milter]
public sealed partial class Filter
{
    [OnEom]
    private static Verdict End([Header("X-Spam-Flag")] HeaderValues flags, Quarantine quarantine)
    {
        foreach (string flag in flags)
        {
            if (flag.Trim().Equals("YES", StringComparison.OrdinalIgnoreCase))
            {
                quarantine.Hold("marked as spam");
                return Verdict.Continue;
            }
        }

        return Verdict.Continue;
    }
}
