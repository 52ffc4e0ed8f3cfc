// static state behind every kind of lock
using System.Collections.Concurrent;
using System.Collections.Immutable;

[Milter]
partial class Filter
{
    private static readonly SemaphoreSlim s_gate = new(1);
    private static readonly Lock s_lock = new();
    private static readonly object s_monitor = new();
    private static readonly ReaderWriterLockSlim s_rw = new();
    private static readonly AsyncLocal<string?> s_current = new();
    private static readonly ThreadLocal<int> s_thread = new();
    private static readonly ConcurrentDictionary<string, int> s_map = new();
    private static ImmutableDictionary<string, int> s_frozen = ImmutableDictionary<string, int>.Empty;
    private static int s_a, s_b, s_c, s_d, s_e, s_f;
    private static long s_total;
    private static ImmutableList<string> s_names = [];

    [OnMail]
    async Task<Verdict> From(EnvelopeAddress from, CancellationToken ct)
    {
        string domain = from.Domain;
        if (from.IsNull)
        {
            return Verdict.Continue;
        }

        await s_gate.WaitAsync(ct).ConfigureAwait(false);
        try
        {
            s_a++;
        }
        finally
        {
            s_gate.Release();
        }

        bool taken = false;
        try
        {
            Monitor.Enter(s_monitor, ref taken);
            s_b++;
        }
        finally
        {
            if (taken)
            {
                Monitor.Exit(s_monitor);
            }
        }

        s_current.Value = domain;
        s_thread.Value = 1;
        s_map.AddOrUpdate(domain, 1, (_, n) => n + 1);
        s_map["x"] = 1;
        ImmutableInterlocked.AddOrUpdate(ref s_frozen, domain, 1, (_, n) => n + 1);
        ImmutableInterlocked.Update(ref s_names, names => names.Add("x"));
        Interlocked.Increment(ref s_c);
        Interlocked.Add(ref s_total, domain.Length);
        int seen;
        do
        {
            seen = Volatile.Read(ref s_d);
        }
        while (Interlocked.CompareExchange(ref s_d, seen + 1, seen) != seen);

        Count();
        return s_a + s_b + s_c + s_d + s_e + s_f < 0 ? Verdict.TempFail() : Verdict.Continue;
    }

    private static void Count()
    {
        using (s_lock.EnterScope())
        {
            s_e++;
        }

        if (!s_rw.TryEnterWriteLock(0))
        {
            return;
        }

        try
        {
            s_f++;
        }
        finally
        {
            s_rw.ExitWriteLock();
        }
    }
}
