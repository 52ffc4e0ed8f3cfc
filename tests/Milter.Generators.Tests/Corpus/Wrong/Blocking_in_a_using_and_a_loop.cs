using System.Data.Common;

[Milter]
partial class Filter(DbDataSource source)
{
    [OnRcpt]
    Verdict To(EnvelopeAddress to)
    {
        using DbConnection connection = source.CreateConnection();
        {|MILTER120:connection.Open()|};
        using DbCommand command = connection.CreateCommand();
        command.CommandText = "select 1";
        using DbDataReader reader = {|MILTER120:command.ExecuteReader()|};
        while ({|MILTER120:reader.Read()|})
        {
            if (reader.GetString(0) == to.Address)
            {
                return Verdict.Reject();
            }
        }

        return Verdict.Continue;
    }

    [OnMail]
    async Task<Verdict> From(EnvelopeAddress from, CancellationToken ct)
    {
        var slow = Task.Delay(10, ct);
        if (slow.IsCompleted || {|MILTER120:slow.Wait(100, ct)|})
        {
            return Verdict.TempFail();
        }

        ValueTask<int> count = CountAsync();
        int n = {|MILTER120:count.Result|};
        {|MILTER120:CountAsync().AsTask().GetAwaiter().GetResult()|};
        await slow;
        return n > 3 || from.IsNull ? Verdict.Reject() : Verdict.Continue;
    }

    private static async ValueTask<int> CountAsync()
    {
        await Task.Yield();
        return 1;
    }
}
