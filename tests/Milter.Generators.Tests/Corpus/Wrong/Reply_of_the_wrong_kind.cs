[Milter]
partial class Filter
{
    private static readonly Verdict s_later = Verdict.Reject({|MILTER083:451|}, "4.7.1", "Come back later");

    [OnRcpt] Verdict To() => s_later;
}
