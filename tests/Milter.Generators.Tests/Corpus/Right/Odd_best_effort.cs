// a catch that has nothing to do with the verdict
interface IJournal { Task WriteAsync(string text, CancellationToken ct); }

[Milter]
partial class Filter
{
    [OnEom]
    async Task<Verdict> End([FromServices] IJournal? journal, MilterContext context, CancellationToken ct, [Header("X-Bad")] string? bad)
    {
        try
        {
            if (journal is not null)
            {
                await journal.WriteAsync(context.ConnectionId, ct);
            }
        }
        catch (Exception e)
        {
            Console.WriteLine(e.Message);
        }

        try
        {
            if (bad?.Length > 3)
            {
                return Verdict.Reject();
            }
        }
        catch (FormatException)
        {
            return Verdict.Continue;
        }
        catch (Exception)
        {
            return Verdict.TempFail();
        }

        return Verdict.Continue;
    }
}
