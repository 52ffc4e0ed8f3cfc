// what looks as if it blocked
[Milter]
partial class Filter
{
    private readonly SemaphoreSlim _turns = new(4);

    [OnConnect]
    async Task<Verdict> Connect(ConnectInfo client, CancellationToken ct)
    {
        if (!_turns.Wait(0, ct) || !_turns.Wait(TimeSpan.Zero, ct))
        {
            return Verdict.TempFail();
        }

        try
        {
            IPAddress[] addresses = await Task.Run(() => Dns.GetHostAddresses("localhost"), ct);
            bool slow = await Task.Factory.StartNew(Blocking, ct, TaskCreationOptions.LongRunning, TaskScheduler.Default);
            return addresses.Length == 0 && slow ? Verdict.TempFail() : Verdict.Continue;
        }
        finally
        {
            _turns.Release(2);
        }

        bool Blocking()
        {
            Thread.Sleep(5);
            return client.HostName.Length > 200;
        }
    }

    [OnMail]
    async Task From(EnvelopeAddress from, CancellationToken ct)
    {
        string address = from.Address;
        await Task.Run(
            () =>
            {
                Thread.Sleep(1);
                Console.WriteLine(address);
            },
            ct);
    }
}
