// C# 12: primary constructor and collection expressions
//> EOM: Accept
//> EOM: Accept
[Milter]
public partial class Filter(List<string> words)
{
    private readonly string[] _all = [.. words, "win"];

    [OnEom] Verdict End([Header("Subject")] string? subject) => Array.IndexOf(_all, subject) >= 0 ? Verdict.Reject() : Verdict.Accept;
}
