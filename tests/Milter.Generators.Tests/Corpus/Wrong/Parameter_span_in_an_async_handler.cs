// with compiler errors
[Milter]
partial class Filter
{
    [OnBody]
    async Task Chunk(ReadOnlySpan<byte> {|MILTER042:chunk|}) => await Task.Yield();
}
