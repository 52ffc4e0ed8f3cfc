[Milter]
partial class Filter
{
    [OnEom]
    Verdict End(MessageHeaders headers)
    {
        string subject = headers.Decoded("Subject") ?? "(none)";
        return subject.Contains("lottery", StringComparison.OrdinalIgnoreCase)
            ? Verdict.Reject(554, "5.7.1", $"\"{{|MILTER095:subject|}}\" is not wanted here")
            : Verdict.Continue;
    }
}
