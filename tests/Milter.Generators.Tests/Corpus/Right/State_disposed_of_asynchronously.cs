// what can only be disposed of asynchronously is disposed of before the next message
//> EOM: Reject
public sealed class Handle(List<string> log) : IAsyncDisposable
{
    public async ValueTask DisposeAsync()
    {
        await Task.Yield();
        log.Add("disposed");
    }
}

[Milter]
partial class Filter
{
    [PerMessage] private Handle? _handle;

    [OnMail] void From([FromServices] List<string> log) => _handle = new Handle(log);

    [OnEom] Verdict End([FromServices] List<string> log) => _handle is not null && log.Contains("disposed") ? Verdict.Reject() : Verdict.Continue;
}
