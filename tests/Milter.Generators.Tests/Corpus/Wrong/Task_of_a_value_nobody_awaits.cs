interface IStatistics { ValueTask CountAsync(string what); }

[Milter]
partial class Filter(IStatistics statistics)
{
    private readonly Func<string, Task> _note = text => Task.CompletedTask;

    [OnConnect] void Connect(ConnectInfo client) => {|MILTER091:statistics.CountAsync(client.HostName)|};

    [OnMail]
    void From(EnvelopeAddress from)
    {
        {|MILTER091:_note(from.Address)|};
        if (from.IsNull)
        {
            {|MILTER091:BounceAsync()|};
        }

        async Task BounceAsync() => await statistics.CountAsync("bounce");
    }
}
