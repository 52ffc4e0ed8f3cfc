[Milter]
partial class Filter
{
    [OnMail]
    Verdict From(EnvelopeAddress from)
    {
        Task<bool> lookup = LookAsync(from.Domain);
        {|MILTER120:lookup.Wait(500)|};
        if (!lookup.IsCompletedSuccessfully)
        {
            return Verdict.TempFail();
        }

        return lookup.Result ? Verdict.Continue : Verdict.Reject();
    }

    private static async Task<bool> LookAsync(string domain)
    {
        await Task.Delay(1);
        return domain.Length > 0;
    }
}
