public interface IBlocklist
{
    Task<bool> ContainsAsync(string domain);
}

[Milter]
public partial class Filter(IBlocklist list)
{
    [OnMail] Verdict Mail(EnvelopeAddress from) => {|MILTER120:list.ContainsAsync(from.Domain ?? "").Result|} ? Verdict.Reject() : Verdict.Continue;

    [OnRcpt] Verdict To(EnvelopeAddress to) => {|MILTER120:list.ContainsAsync(to.Domain ?? "").GetAwaiter().GetResult()|} ? Verdict.Reject() : Verdict.Continue;
}
