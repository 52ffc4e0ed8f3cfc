[Milter]
partial class Filter
{
    [OnConnect] void Connect(ConnectInfo client) { }

    private Verdict {|MILTER029:End|}(MessageEnvelope envelope, HeaderEditor headers)
    {
        headers.Set("X-Recipients", envelope.Recipients.Count.ToString());
        return Verdict.Accept;
    }

    public Verdict {|MILTER029:Login|}([Macro("auth_authen")] string? login) => login is null ? Verdict.Reject() : Verdict.Continue;
}
