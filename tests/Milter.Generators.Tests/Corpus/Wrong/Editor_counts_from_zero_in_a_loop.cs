[Milter]
partial class Filter
{
    [OnEom]
    void End(HeaderEditor headers)
    {
        int count = headers.Seen.CountOf("X-Spam");
        for (int i = 0; i < count; i++)
        {
            headers.Remove("X-Spam", {|MILTER177:i|});
        }

        headers.Change("X-Old", {|MILTER177:0|}, "new");
    }
}
