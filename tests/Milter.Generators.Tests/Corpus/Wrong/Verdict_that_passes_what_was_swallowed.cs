interface IScanner { Task<bool> IsBadAsync(MessageHeaders headers, CancellationToken ct); }

[Milter]
partial class Filter(IScanner scanner)
{
    [OnEom]
    async Task<Verdict> End(MessageHeaders headers, CancellationToken ct)
    {
        try
        {
            if (await scanner.IsBadAsync(headers, ct))
            {
                return Verdict.Reject();
            }
        }
        catch (Exception e)
        {
            Console.WriteLine(e.Message);
        }

        {|MILTER195:return Verdict.Continue;|}
    }

    [OnEoh]
    async Task<Verdict> Eoh(MessageHeaders headers, CancellationToken ct)
    {
        Verdict verdict;
        try
        {
            verdict = await scanner.IsBadAsync(headers, ct) ? Verdict.Reject() : Verdict.Continue;
        }
        catch
        {
            verdict = {|MILTER195:Verdict.Continue|};
        }

        return verdict;
    }

    [OnData]
    async Task<Verdict> Data(MessageEnvelope envelope, CancellationToken ct)
    {
        try
        {
            await Task.Delay(1, ct);
            return envelope.Recipients.Count > 10 ? Verdict.Reject() : Verdict.Continue;
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            {|MILTER195:return default;|}
        }
    }
}
