[Milter]
partial class Filter
{
    [OnMail]
    Verdict From(string sender)
    {
        if ({|MILTER183:sender == "postmaster@example.net"|})
        {
            return Verdict.Reject();
        }

        return {|MILTER183:sender.EndsWith(".invalid", StringComparison.OrdinalIgnoreCase)|} ? Verdict.TempFail() : Verdict.Continue;
    }
}
