[Milter]
partial class Filter
{
    private int _count;
    private bool _isBulk;

    [OnRcpt]
    Verdict To(EnvelopeAddress to)
    {
        Note(this, to);
        return _count > 10 ? Verdict.TempFail() : Verdict.Continue;
    }

    [OnHeader("Precedence")] void Bulk(string {|MILTER130:value|}) => Mark(this, value == "bulk");

    [OnEom] Verdict End() => _isBulk ? Verdict.Discard : Verdict.Continue;

    private static void Note(Filter filter, EnvelopeAddress to) => {|MILTER110:filter._count|} += to.IsNull ? 0 : 1;

    private static void Mark(Filter filter, bool isBulk) => {|MILTER110:filter._isBulk|} |= isBulk;
}
