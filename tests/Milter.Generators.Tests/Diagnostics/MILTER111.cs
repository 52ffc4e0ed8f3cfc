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
}
