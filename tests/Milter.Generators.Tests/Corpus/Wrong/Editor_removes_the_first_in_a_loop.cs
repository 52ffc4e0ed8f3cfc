[Milter]
partial class Filter
{
    [OnEom]
    void End(HeaderEditor headers)
    {
        bool more = true;
        while (more)
        {
            more = {|MILTER175:headers.Remove("X-Spam-Status", 1)|};
        }
    }
}
