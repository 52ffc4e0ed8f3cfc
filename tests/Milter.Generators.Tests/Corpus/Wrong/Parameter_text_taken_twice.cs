[Milter]
partial class Filter
{
    [OnHelo] void Helo(string name, string {|MILTER046:again|}) { }
    [OnHeader] void Header(string name, ReadOnlySpan<byte> {|MILTER046:value|}) { }
}
