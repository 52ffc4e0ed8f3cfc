interface IArchive { Task StoreAsync(MessageBody body); }

[Milter]
partial class Filter(IArchive archive)
{
    private Task _pending = Task.CompletedTask;

    [OnEom]
    Verdict End(MessageBody body, MessageHeaders headers, MilterContext context)
    {
        if (!body.IsAvailable)
        {
            return Verdict.TempFail();
        }

        {|MILTER110:_pending|} = archive.StoreAsync({|MILTER123:body|});
        {|MILTER091:LogAsync({|MILTER123:headers|}, context.ConnectionId)|};
        return Verdict.Continue;
    }

    private static async Task LogAsync(MessageHeaders headers, string id)
    {
        await Task.Yield();
        Console.WriteLine($"{id}: {headers.Count}");
    }
}
