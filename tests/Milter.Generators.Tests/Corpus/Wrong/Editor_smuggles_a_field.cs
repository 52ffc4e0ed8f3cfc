[Milter]
partial class Filter
{
    private const string Report = "clean\nX-Other: yes";

    [OnEom] void End(HeaderAdder headers) => headers.Add("X-Report", {|MILTER087:Report|});
}
