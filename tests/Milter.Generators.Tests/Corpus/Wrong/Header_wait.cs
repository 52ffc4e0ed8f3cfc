[Milter]
partial class Filter
{
    private static readonly Verdict s_no = Verdict.Reject(550, "5.7.1", "Spam");

    [{|MILTER131:OnHeader("X-Spam-Flag")|}] Verdict Spam(string value) => value.Trim() == "YES" ? s_no : Verdict.Continue;
}
