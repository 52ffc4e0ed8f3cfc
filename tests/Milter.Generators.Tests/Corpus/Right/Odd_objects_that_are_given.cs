// objects that the filter was given, and changes: they belong to somebody else
interface IStatistics { int Total { get; set; } List<string> Names { get; } void Note(string name); }

sealed class Statistics : IStatistics { public int Total { get; set; } public List<string> Names { get; } = []; public void Note(string name) { lock (Names) { Names.Add(name); } } public static Statistics Shared { get; } = new(); }

[Milter]
partial class Filter
{
    private readonly IStatistics _statistics = Statistics.Shared;

    [OnMail]
    void From(EnvelopeAddress from, [FromServices] List<string> again)
    {
        again.Clear();
        _statistics.Note(from.Address);
        Statistics.Shared.Note(from.Domain);
    }
}
