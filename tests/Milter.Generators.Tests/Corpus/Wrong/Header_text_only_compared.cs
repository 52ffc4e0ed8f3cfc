[Milter]
partial class Filter
{
    [PerMessage] private bool _auto;

    [OnHeader("Auto-Submitted")] void Auto(string {|MILTER130:value|}) => _auto = value != "no" && !value.StartsWith("no;");
}
