using Milter;

namespace Ordinary.Bounces;

[Milter]
public sealed partial class Filter
{
    private static readonly Verdict s_one = Verdict.Reject(550, "5.7.1", "A bounce has one recipient");

    [PerMessage]
    private bool _isBounce;

    [PerMessage]
    private int _recipients;

    [OnMail]
    private void From(EnvelopeAddress sender) => _isBounce = sender.IsNull;

    [OnRcpt]
    private Verdict To() => ++_recipients > 1 && _isBounce ? s_one : Verdict.Continue;
}
