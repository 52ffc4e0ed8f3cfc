[Milter]
partial class Filter
{
    [OnMail]
    Verdict From(EnvelopeAddress from)
    {
        Task<bool> known = KnownAsync(from.Domain);
        if (known.IsCompleted)
        {
            return known.Result ? Verdict.Continue : Verdict.Reject();
        }
        else
        {
            {|MILTER120:known.Wait(500)|};
        }

        if (!known.IsCompletedSuccessfully)
        {
            Console.WriteLine("slow");
        }

        return {|MILTER120:known.Result|} ? Verdict.Continue : Verdict.Reject();
    }

    private static async Task<bool> KnownAsync(string domain)
    {
        await Task.Delay(10);
        return domain.Length > 0;
    }
}
