[Milter]
partial class Filter
{
    [OnEom] void End(HeaderAdder headers) => headers.Add("X-Footer"u8, {|MILTER173:"geprüft"u8|});
}
