[Milter]
partial class Filter
{
    private const string Policy = "0123456789012345678901234567890123456789012345678901234567890123456789012345678901234567890123456789";
    private const string Long = Policy + Policy + Policy + Policy + Policy + Policy + Policy + Policy + Policy + Policy;
    private static readonly Verdict s_no = Verdict.Reject(550, null, {|MILTER085:Long|});

    [OnEom] Verdict End() => s_no;
}
