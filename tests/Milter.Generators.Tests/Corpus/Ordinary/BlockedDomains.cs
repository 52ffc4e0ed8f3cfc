using System;
using System.Collections.Frozen;
using Milter;

namespace Ordinary.BlockedDomains;

[Milter]
public sealed partial class Filter
{
    private static readonly FrozenSet<string> s_closed = new[] { "old.example.org", "closed.example.org" }.ToFrozenSet(StringComparer.OrdinalIgnoreCase);
    private static readonly Verdict s_gone = Verdict.Reject(550, "5.1.6", "This domain has moved");

    [OnRcpt]
    private static Verdict To(EnvelopeAddress recipient) => s_closed.Contains(recipient.Domain) ? s_gone : Verdict.Continue;
}
