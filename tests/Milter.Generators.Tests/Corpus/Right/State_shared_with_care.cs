// static state behind a lock, an Interlocked and a concurrent collection
//> EOM: InsertHeader X-Total|1 1
//> EOM: InsertHeader X-Total|2 2
[Milter]
partial class Filter
{
    private static readonly object s_gate = new();
    private static readonly System.Collections.Concurrent.ConcurrentBag<string> s_all = [];
    private static int s_messages;
    private static int s_locked;

    [OnEom]
    void End(HeaderAdder adder)
    {
        int messages = Interlocked.Increment(ref s_messages);
        lock (s_gate)
        {
            s_locked++;
        }

        s_all.Add("x");
        adder.Add("X-Total", $"{messages} {s_all.Count}");
    }
}
