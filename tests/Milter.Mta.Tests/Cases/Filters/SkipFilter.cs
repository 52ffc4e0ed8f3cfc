using Milter.Mta.Tests;

namespace Milter.Mta.Filters;

/// <summary>Two who look at the beginning of the body; one has had enough before the other.</summary>
[Milter]
public sealed partial class SkipFilter(Journal journal)
{
    [PerMessage]
    private int _first;

    [PerMessage]
    private int _second;

    [OnBody(Order = 1)]
    private Verdict First(ReadOnlySpan<byte> chunk) => ++_first == 1 && chunk.Length > 0 ? Verdict.Skip : Verdict.Continue;

    [OnBody(Order = 2)]
    private Verdict Second(ReadOnlySpan<byte> chunk) => ++_second == 3 && chunk.Length > 0 ? Verdict.Skip : Verdict.Continue;

    [OnEom]
    private void End(HeaderAdder headers)
    {
        headers.Add("X-Seen", "yes");
        journal.Add($"{_first} {_second}");
    }
}
