// constant replies, kept
//> RCPT: ReplyCode 550-5.7.1 100 %% sure:\n550-5.7.1 not this one\n550 5.7.1 at all
//> EOM: ReplyCode 451 4.7.1 Not 'Again' again
[Milter]
partial class Filter
{
    private static readonly Verdict s_no = Verdict.Reject(550, "5.7.1", "100 % sure:", "not this one", "at all");

    [OnRcpt] Verdict To(EnvelopeAddress recipient) => recipient.LocalPart == "carol" ? s_no : Verdict.Continue;
    [OnEom] Verdict End([Header("Subject")] string? subject) => subject == "Again" ? Verdict.TempFail(451, "4.7.1", $"Not '{subject}' again") : Verdict.Continue;
}
