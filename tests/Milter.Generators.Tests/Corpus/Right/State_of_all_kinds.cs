// members that are made new in their own ways
//> EOM: InsertHeader X-State|100 2 36 2 2 True
//> EOM: InsertHeader X-State|100 1 17 1 1 True
[Milter]
partial class Filter
{
    [PerMessage] private int _count;
    [PerMessage] private string? _text;
    [PerMessage] private readonly HashSet<string> _set = new(StringComparer.OrdinalIgnoreCase);
    [PerMessage] private Queue<int> Waiting { get; } = new();
    [field: PerMessage] private bool Flag { get; set; }
    private int _session;

    [OnHelo] void Helo() => _session = 100;
    [OnRcpt] void To(string recipient) { _count++; _text += recipient; _set.Add(recipient); Waiting.Enqueue(_count); Flag = true; }
    [OnEom] void End(HeaderAdder adder) => adder.Add("X-State", $"{_session} {_count} {_text?.Length} {_set.Count} {Waiting.Count} {Flag}");
}
