[Milter]
partial class Filter
{
    [OnEom]
    void End(HeaderEditor headers)
    {
        while ({|MILTER175:headers.Remove("X-Spam-Flag", 1)|})
        {
        }

        for (int i = headers.Seen.CountOf("X-Old"); i > 0; i--)
        {
            {|MILTER175:headers.Remove("X-Old", 1)|};
        }
    }
}
