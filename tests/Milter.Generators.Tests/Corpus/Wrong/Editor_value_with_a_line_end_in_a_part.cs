[Milter]
partial class Filter
{
    [OnEom]
    Verdict End(HeaderEditor headers, MessageHeaders all)
    {
        headers.Append("X-Count", $"{all.Count}{|MILTER087:\r\nX-Other: 1|}");
        headers.Append("X-Folded", "fields: " + all.Count + "\n\tin all");
        return Verdict.Continue;
    }
}
