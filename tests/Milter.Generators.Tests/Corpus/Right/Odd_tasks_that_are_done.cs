// results of tasks that are complete, told in many ways
using System.Linq;

[Milter]
partial class Filter
{
    private static readonly Task<int> s_warm = Task.FromResult(1);

    [OnConnect]
    async Task<Verdict> Connect(ConnectInfo client, CancellationToken ct)
    {
        List<Task<bool>> checks = [];
        foreach (string list in new[] { "a", "b" })
        {
            checks.Add(ListedAsync(client.HostName, list, ct));
        }

        await Task.WhenAll(checks);
        foreach (Task<bool> check in checks)
        {
            if (check.Result)
            {
                return Verdict.Reject();
            }
        }

        return checks.Any(check => check.Result) || checks[0].Result ? Verdict.Reject() : Verdict.Continue;
    }

    [OnHelo]
    async Task<Verdict> Helo(string name, CancellationToken ct)
    {
        Task<bool>[] all = [ListedAsync(name, "a", ct), ListedAsync(name, "b", ct)];
        await foreach (Task<bool> done in Task.WhenEach(all))
        {
            if (done.Result)
            {
                return Verdict.Reject();
            }
        }

        Dictionary<string, Task<bool>> named = new() { ["a"] = ListedAsync(name, "a", ct) };
        await Task.WhenAll(named.Values).ConfigureAwait(false);
        return named["a"].Result || named.Any(pair => pair.Value.Result) ? Verdict.Reject() : Verdict.Continue;
    }

    [OnMail]
    async Task<Verdict> From(EnvelopeAddress from, CancellationToken ct)
    {
        Task<bool> slow = ListedAsync(from.Domain, "a", ct);
        Task first = await Task.WhenAny(slow, Task.Delay(1000, ct));
        if (first != slow)
        {
            return Verdict.TempFail();
        }

        bool listed = slow.Result;
        ValueTask<int> fast = FastAsync(from.LocalPart);
        int n = fast.IsCompletedSuccessfully ? fast.Result : await fast;
        (Task<bool> one, Task<bool> two) = (ListedAsync("a", "a", ct), ListedAsync("b", "a", ct));
        await Task.WhenAll(one, two);
        return listed || n > 99 || one.Result || two.Result ? Verdict.Reject() : Verdict.Continue;
    }

    [OnRcpt]
    async Task<Verdict> To(EnvelopeAddress to, CancellationToken ct)
    {
        Task<bool> check = ListedAsync(to.Domain, "a", ct);
        while (!check.IsCompleted)
        {
            await Task.Delay(1, ct);
        }

        if (check.Result)
        {
            return Verdict.Reject();
        }

        Task<bool> other = ListedAsync(to.Domain, "b", ct);
        await ((Task)other).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        if (other.IsFaulted || other.IsCanceled)
        {
            return Verdict.TempFail();
        }

        return other.Result || (s_warm.Status == TaskStatus.RanToCompletion && s_warm.Result > 5) ? Verdict.Reject() : Verdict.Continue;
    }

    [OnData]
    Verdict Data()
    {
        Task<bool> check = ListedAsync("a", "b", default);
        return check switch
        {
            { IsCompletedSuccessfully: true } done => done.Result ? Verdict.Reject() : Verdict.Continue,
            _ => s_warm is { IsCompletedSuccessfully: true, Result: > 5 } ? Verdict.TempFail() : Verdict.Continue,
        };
    }

    [OnEom]
    async Task<Verdict> End(CancellationToken ct)
    {
        Task<bool>[] tasks = [.. Enumerable.Range(0, 3).Select(i => ListedAsync("x", i.ToString(), ct))];
        try
        {
            await Task.WhenAll(tasks);
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            Console.WriteLine(e.Message);
        }

        int good = tasks.Count(task => task.IsCompletedSuccessfully && task.Result);
        good += await tasks[0].ContinueWith(done => done.Result ? 1 : 0, ct, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
        return good > 5 ? Verdict.Reject() : Verdict.Continue;
    }

    private static async Task<bool> ListedAsync(string name, string list, CancellationToken ct)
    {
        await Task.Delay(1, ct);
        return name == list + list;
    }

    private static ValueTask<int> FastAsync(string text) => new(text.Length);
}
