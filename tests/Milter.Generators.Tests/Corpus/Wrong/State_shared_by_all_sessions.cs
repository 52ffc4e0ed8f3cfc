[Milter]
partial class Filter
{
    private static int s_total;
    private static readonly Dictionary<string, int> s_perDomain = [];

    [OnMail]
    void Mail(EnvelopeAddress from)
    {
        {|MILTER113:s_total|} += 1;
        {|MILTER113:s_perDomain[from.Domain ?? ""]|} = 1;
    }
}
