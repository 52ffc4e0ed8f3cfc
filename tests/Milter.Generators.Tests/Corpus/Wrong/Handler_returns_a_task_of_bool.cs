[Milter]
partial class Filter
{
    [OnEom]
    async {|MILTER021:Task<bool>|} End(CancellationToken ct)
    {
        await Task.Delay(1, ct);
        return true;
    }
}
