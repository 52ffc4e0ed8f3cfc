using Milter.Mta.Tests;

namespace Milter.Mta.Filters;

/// <summary>One who has had enough of the body at once, and one who keeps all of it.</summary>
[Milter]
public sealed partial class BodyFilter(Journal journal)
{
    [PerMessage]
    private int _chunks;

    [OnBody]
    private Verdict Chunk(ReadOnlySpan<byte> chunk) => ++_chunks > 0 && chunk.Length > 0 ? Verdict.Skip : Verdict.Continue;

    [OnEom]
    private void End(MessageBody body) => journal.Add($"{_chunks} {body.State} {(body.IsAvailable ? body.Length : -1)}");
}
