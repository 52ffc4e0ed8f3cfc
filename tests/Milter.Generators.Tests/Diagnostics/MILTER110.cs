using Milter.Generators.Tests.Infrastructure;

namespace Milter.Generators.Tests.Diagnostics;

public sealed class MILTER110
{
    [Fact]
    public async Task Flags_it() => await Rule.CheckAsync(
        """
        [Milter]
        partial class Filter
        {
            int _count; bool _seen; string? _name; (int A, int B) _pair; int _other;
            string? Property { get; set; }
            [OnRcpt] void To(EnvelopeAddress a) { [|_name|] = a.Domain; [|_count|]++; _count++; [|Property|] = "x"; }
            [OnHeader] void Header(HeaderField f) => [|_seen|] |= f.Is("X");
            [OnEom] void End() { [|_pair.A|] = 1; int.TryParse("1", out [|_other|]); }
        }
        """);

    [Fact]
    public async Task Is_quiet_where_it_is_right() => await Rule.CheckAsync(
        """
        [Milter]
        partial class Filter
        {
            [PerMessage] int _count; string? _helo; bool _byHand; bool _reset; readonly int _fixed = 1;
            [field: PerMessage] int Backed { get; set; }
            int Computed { get => 1; set { } }
            [OnHelo] void Helo(string name) => _helo = name;
            [OnMail] void Mail() { _count++; _byHand = true; Backed = 1; Computed = 2; int local = _fixed; local++; }
            [OnMessageEnd] void Ended() => _byHand = false;
            [OnAbort] void Aborted() => _reset = true;
            void Helper() => _reset = _helo is null;
        }
        """);

    [Fact]
    public async Task Flags_what_helpers_and_objects_leave() => await Rule.CheckAsync(
        """
        sealed class Score { public int Points; public bool IsBulk { get; set; } readonly List<string> _why = []; public void Add(string why) { _why.Add(why); Points++; } public int Count() => _why.Count; }
        abstract class Shared { protected int Seen; protected void Mark() => [|Seen|]++; }
        [Milter]
        partial class Filter : Shared
        {
            readonly Score _score = new(); readonly Score _other; string? _last; int _onAbort, _atEnd, _sometimes, _later, _local, _lambda; Score Auto { get; } = new();
            public Filter() { _other = new Score(); }
            [OnMail] Verdict Mail(EnvelopeAddress from) { Note(from); Mark(); if (from.IsNull) return Verdict.Continue; _sometimes = 0; return default; }
            [OnRcpt] void To(string to) { [|_score.Points|]++; [|_other.Add(to)|]; [|Auto.IsBulk|] = true; [|_onAbort|] = 1; [|_atEnd|]++; [|_sometimes|]++; [|_later|] = 1; Local(); Array.ForEach([1], x => [|_lambda|] += x); void Local() => [|_local|]++; }
            [OnAbort] void Aborted() => _onAbort = 0;
            [OnEom] void End() => _atEnd = 0;
            [OnMessageEnd] void Ended(MessageOutcome outcome) { if (outcome.ToString() == "x") _later = 0; }
            void Note(EnvelopeAddress from) { [|_last|] ??= from.Domain; }
        }
        """);

    [Fact]
    public async Task Is_quiet_about_what_begins_anew() => await Rule.CheckAsync(
        """
        sealed class Score { public int Points; public void Clear() => Points = 0; public bool IsHigh() => Points > 3; }
        abstract class Shared { protected int Seen; [OnMessageEnd] protected void Over() => Forget(); protected virtual void Forget() => Seen = 0; }
        [Milter]
        partial class Filter(TimeProvider time) : Shared
        {
            string? _from; int _count, _ended, _inHelper, _scratch, _tried; bool _bulk; (int A, int B) _pair; readonly Score _score = new(); System.Text.StringBuilder? _lazy; object? _made; [PerSession] int _total; readonly TimeProvider _time = time; Action? _hook;
            [OnMail(Order = 1)]
            Verdict Mail(EnvelopeAddress from)
            {
                if (from.IsNull) return Verdict.Accept;
                _from = from.Domain; (_count, _bulk) = (0, false); _pair = default; Begin(); _total++;
                try { _tried = int.Parse(from.LocalPart); } finally { _tried = 1; }
                return default;
            }
            [OnMail(Order = 2)] async Task<Verdict> Second(CancellationToken ct) { await Task.Delay(1, ct); return _count > 0 || _bulk ? Verdict.Reject() : new Verdict(); }
            [OnRcpt] void To(string to) { _count++; _bulk |= to.Length > 3; _pair.A++; _score.Points++; _ended++; _inHelper++; _tried++; Seen++; _scratch = to.Length; if (_scratch > 3) _total += _scratch; _lazy ??= new(); if (_made is null) { _made = new object(); } }
            [OnMessageEnd] void Ended() { Console.WriteLine(_ended); _ended = 0; }
            void Begin() { _inHelper = 0; _score.Clear(); }
            protected override void Forget() { base.Forget(); Seen = 0; }
        }
        """);
}
