static class Names
{
    public const string Results = "Authentication-Results";
    public const string Trace = "Received";
}

[Milter]
partial class Filter
{
    private const string Mark = "X-Spam Flag";

    [OnEom]
    void End(HeaderEditor headers, [Header("Subject")] string? subject)
    {
        headers.Set({|MILTER161:Names.Results|}, "mx.example.org; none");
        headers.RemoveAll({|MILTER163:Names.Trace|});
        headers.Prepend({|MILTER086:Mark|}, "yes");
        headers.Append({|MILTER167:"bcc"|}, "archive@example.org");
        headers.Prepend({|MILTER165:"DATE"|}, "Mon, 1 Jan 2024 00:00:00 +0000");
    }
}
