// handlers of one name each, and one of two names
//> EOM: InsertHeader X-Seen|Alice <alice@example.org>; Subject=Hello; X-Spam=yes
//> EOM: InsertHeader X-Seen|Alice <alice@example.org>; Subject=Again
[Milter]
partial class Filter
{
    [PerMessage] private readonly List<string> _seen = [];

    [OnHeader("FROM")] void From(string value) => _seen.Add(value);
    [OnHeader("Subject", "X-Spam")] void Both(string name, string value) => _seen.Add($"{name}={value}");
    [OnEom] void End(HeaderAdder adder) => adder.Add("X-Seen", string.Join("; ", _seen));
}
