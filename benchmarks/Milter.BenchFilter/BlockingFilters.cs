// These filters are here to block: what it costs the others is what is measured.
#pragma warning disable MILTER120

namespace Milter.BenchFilter;

/// <summary>Blocks its thread for 100 ms at each recipient of a client that says HELO with a certain name; all other clients are answered at once.</summary>
[Milter]
internal sealed partial class BlockOneFilter
{
    private bool _blocks;

    [OnHelo]
    private Verdict Helo(ReadOnlySpan<byte> name)
    {
        _blocks = name.SequenceEqual("blocked.example.com"u8);
        return Verdict.Continue;
    }

    [OnRcpt]
    private Verdict To(ReadOnlySpan<byte> recipient)
    {
        if (_blocks)
        {
            Thread.Sleep(100);
        }

        return Verdict.Continue;
    }

    [OnEom]
    private static Verdict End() => Verdict.Accept;
}

/// <summary>Blocks its thread for 20 ms at each recipient, as a handler does that asks a database without awaiting it.</summary>
[Milter]
internal sealed partial class BlockAllFilter
{
    [OnRcpt]
    private static Verdict To(ReadOnlySpan<byte> recipient)
    {
        Thread.Sleep(20);
        return Verdict.Continue;
    }

    [OnEom]
    private static Verdict End() => Verdict.Accept;
}
