sealed class Tally { private int _count; public void Up() => _count++; public int Count => _count; }

static class Registry { public static Tally Tally { get; } = new(); public static string? Last { get; set; } }

[Milter]
partial class Filter
{
    private static readonly HashSet<string> s_seen = new(StringComparer.OrdinalIgnoreCase);
    private static int s_total;

    [OnMail]
    Verdict From(EnvelopeAddress from)
    {
        {|MILTER113:Registry.Tally.Up()|};
        {|MILTER113:Registry.Last|} = from.Address;
        bool isNew = {|MILTER113:s_seen.Add(from.Address)|};
        {|MILTER113:s_total|} += isNew ? 1 : 0;
        return Registry.Tally.Count > 1000 ? Verdict.TempFail() : Verdict.Continue;
    }
}
