[Milter]
partial class Filter
{
    [OnEoh]
    Verdict Eoh(MessageHeaders headers)
    {
        string? subject = headers["Subject"];
        return {|MILTER171:headers["Subject"] == "¡Premio!"|} || subject is null ? Verdict.Reject() : Verdict.Continue;
    }
}
