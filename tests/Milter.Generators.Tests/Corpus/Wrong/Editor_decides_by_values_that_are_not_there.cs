[Milter]
partial class Filter
{
    [OnEom]
    void End(HeaderEditor headers)
    {
        {|MILTER199:headers.RemoveWhere("Authentication-Results", field => field.ValueText.StartsWith("mx.example.org", StringComparison.OrdinalIgnoreCase))|};
        {|MILTER199:headers.ChangeEach("X-Score", field => field.ValueText + "!")|};
    }
}
