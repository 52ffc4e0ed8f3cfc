[Milter]
partial class Filter
{
    private int _count;
    private readonly int[] _sizes = new int[4];

    [OnRcpt]
    Verdict To()
    {
        ref int count = ref _count;
        {|MILTER110:count|}++;
        ref int size = ref _sizes[0];
        {|MILTER110:size|} += 1;
        return _count > 20 || _sizes[0] > 20 ? Verdict.TempFail() : Verdict.Continue;
    }
}
