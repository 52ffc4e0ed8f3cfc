[Milter]
partial class Filter(System.Data.Common.DbConnection connection)
{
    [OnRcpt]
    async Task<Verdict> To(EnvelopeAddress to, CancellationToken ct)
    {
        await connection.OpenAsync(ct);
        using System.Data.Common.DbCommand command = connection.CreateCommand();
        command.CommandText = "select 1 from users where local = '" + to.LocalPart.Length + "'";
        return {|MILTER120:command.ExecuteScalar()|} is null ? Verdict.Reject() : Verdict.Continue;
    }
}
