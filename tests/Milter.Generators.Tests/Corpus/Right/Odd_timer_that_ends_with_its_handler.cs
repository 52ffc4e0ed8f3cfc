// a timer and a thread's work that the handler waits for
[Milter]
partial class Filter
{
    [OnEom]
    async Task<Verdict> End(Progress progress, MessageHeaders headers, CancellationToken ct)
    {
        using var timer = new Timer(_ => progress.Report(), null, 1000, 1000);
        Task<int> one = Task.Run(() => headers.Count, ct), two = Task.Run(() => headers.CountOf("Received"), ct);
        List<Task> more = [];
        more.Add(Task.Run(() => Console.WriteLine(headers["Subject"]), ct));
        await Task.WhenAll(more);
        int count = await one + await two;
        await using (new Timer(_ => progress.Report(), null, 1000, 1000))
        {
            await Task.Delay(1, ct);
        }

        return count > 1000 ? Verdict.TempFail() : Verdict.Continue;
    }
}
