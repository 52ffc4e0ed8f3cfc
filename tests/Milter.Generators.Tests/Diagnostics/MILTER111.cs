using Milter.Generators.Tests.Infrastructure;

namespace Milter.Generators.Tests.Diagnostics;

public sealed class MILTER111
{
    [Fact]
    public async Task Flags_it() => await Rule.CheckAsync(
        """
        [Milter]
        partial class Filter
        {
            readonly List<string> _list = []; readonly Dictionary<string, int> _map = new(); readonly System.Text.StringBuilder _text = new(); readonly int[] _counts = new int[3];
            Queue<int> Waiting { get; } = new Queue<int>();
            [OnRcpt] void To(string to) { [|_list.Add(to)|]; [|_map[to]|] = 1; [|_text.Append(to)|]; [|_counts[0]|]++; }
            [OnBody] void Chunk(ReadOnlySpan<byte> b) => [|Waiting.Enqueue(b.Length)|];
        }
        """);

    [Fact]
    public async Task Is_quiet_where_it_is_right() => await Rule.CheckAsync(
        """
        [Milter]
        partial class Filter(List<string> given)
        {
            [PerMessage] readonly List<string> _marked = []; readonly List<string> _cleared = []; readonly List<string> _given = given; readonly List<string> _session = [];
            [OnHelo] void Helo(string name) => _session.Add(name);
            [OnMail] void Mail() => _cleared.Clear();
            [OnRcpt] void To(string to) { _marked.Add(to); _cleared.Add(to); _given.Add(to); if (_session.Contains(to)) new List<string>().Add(to); }
        }
        """);

    [Fact]
    public async Task Flags_what_is_made_in_a_constructor_or_reached_otherwise() => await Rule.CheckAsync(
        """
        [System.Runtime.CompilerServices.InlineArray(4)] struct Four { int _first; }
        [Milter]
        partial class Filter
        {
            readonly List<string> _made; readonly System.Collections.Concurrent.ConcurrentQueue<string> _queue = new(); readonly System.Security.Cryptography.IncrementalHash _hash = System.Security.Cryptography.IncrementalHash.CreateHash(System.Security.Cryptography.HashAlgorithmName.SHA256);
            readonly MemoryStream _copy = new(); readonly ArrayBufferWriter<byte> _bytes = new(); List<string>? _late; readonly List<string> _atEom = []; Four _four; readonly int[] _counts = new int[3]; readonly HashSet<string> _viaLocal = [];
            public Filter() => _made = new List<string>();
            [OnRcpt] void To(string to) { [|_made.Add(to)|]; [|_queue.Enqueue(to)|]; _late ??= []; _late?[|.Add(to)|]; Keep(to); [|_four[0]|] = 1; [|_counts.AsSpan()[0]|] = 1; var set = _viaLocal; [|set.Add(to)|]; }
            [OnBody] void Chunk(ReadOnlyMemory<byte> c) { [|_hash.AppendData(c.Span)|]; [|_copy.Write(c.Span)|]; [|_bytes.Write(c.Span)|]; }
            [OnEom] void End() { _atEom.Clear(); _hash.GetHashAndReset(); }
            void Keep(string to) => [|_atEom.Add(to)|];
        }
        """);

    [Fact]
    public async Task Is_quiet_about_what_is_emptied_in_time() => await Rule.CheckAsync(
        """
        [Milter]
        partial class Filter(List<string> shared)
        {
            readonly List<string> _to = [], _ended = []; readonly MemoryStream _copy = new(); System.Collections.Immutable.ImmutableList<string> _fixed = []; readonly System.Text.StringBuilder _text = new(); readonly int[] _counts = new int[2]; [PerSession] readonly List<string> _session = [];
            [OnMail] void Mail() { _to.Clear(); _copy.SetLength(0); _fixed = []; _text.Length = 0; Array.Clear(_counts); }
            [OnRcpt] void To(string to) { _to.Add(to); _ended.Add(to); _fixed = _fixed.Add(to); _fixed.Add("nothing"); _copy.WriteByte(1); _text.Append(to); _counts[1]++; _session.Add(to); shared.Add(to); }
            [OnMessageEnd] void Over() => Empty();
            void Empty() => _ended.Clear();
        }
        """);
}
