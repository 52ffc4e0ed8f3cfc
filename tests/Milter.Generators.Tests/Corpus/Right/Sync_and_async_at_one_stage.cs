// synchronous and asynchronous handlers of one stage, spans between awaits
//> EOM: InsertHeader X-Seen|first, second 5
//> EOM: Accept
//> EOM: InsertHeader X-Seen|first, second 5
[Milter]
partial class Filter
{
    [PerMessage] private readonly List<string> _seen = [];

    [OnEom(Order = 1)] async Task First() { await Task.Yield(); _seen.Add("first"); }
    [OnEom(Order = 2)] void Second([Header("Subject")] ReadOnlySpan<byte> subject) => _seen.Add($"second {subject.Length}");
    [OnEom(Order = 3)] async Task Third(HeaderAdder adder) { await Task.Yield(); adder.Add("X-Seen", string.Join(", ", _seen)); }
    [OnEom(Order = 4)] Verdict Fourth([Header("X-Spam")] ReadOnlySpan<byte> spam) => spam.IsEmpty ? Verdict.Continue : Verdict.Accept;
}
