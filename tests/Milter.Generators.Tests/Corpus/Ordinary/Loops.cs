using Milter;

namespace Ordinary.Loops;

[Milter]
public sealed partial class Filter
{
    private static readonly Verdict s_loop = Verdict.Reject(554, "5.4.6", "Too many hops");

    [PerMessage]
    private int _hops;

    [OnHeader("Received")]
    private void Hop() => _hops++;

    [OnEoh]
    private Verdict Headers() => _hops > 30 ? s_loop : Verdict.Continue;
}
