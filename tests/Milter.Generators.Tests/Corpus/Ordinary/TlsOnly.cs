using System;
using Milter;

namespace Ordinary.TlsOnly;

[Milter]
public sealed partial class Filter
{
    private static readonly Verdict s_tls = Verdict.Reject(530, "5.7.0", "Encrypt the session first");

    [OnRcpt]
    private static Verdict To(EnvelopeAddress recipient, TlsInfo? tls) =>
        tls is null && recipient.Domain.Equals("secure.example.org", StringComparison.OrdinalIgnoreCase) ? s_tls : Verdict.Continue;
}
