[Milter]
partial class Filter
{
    [OnEom]
    async {|MILTER027:void|} End(CancellationToken ct)
    {
        await Task.Delay(1, ct);
    }
}
