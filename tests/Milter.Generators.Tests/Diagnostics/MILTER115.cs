using Milter.Generators.Tests.Infrastructure;

namespace Milter.Generators.Tests.Diagnostics;

public sealed class MILTER115
{
    [Fact]
    public async Task Flags_it() => await Rule.CheckAsync(
        """
        [Milter]
        partial class Filter
        {
            [PerMessage] string? _helo; [PerMessage] readonly List<string> _names = []; [PerMessage] bool Local { get; set; }
            [OnConnect] void Connect(ConnectInfo client) { [|Local|] = client.IsLocal; Keep(client.ToString()!); }
            [OnHelo] void Helo(string name) => [|_helo|] = name;
            void Keep(string name) => [|_names.Add(name)|];
            [OnRcpt] Verdict To() => _helo is null || Local || _names.Count > 1 ? Verdict.Reject() : default;
        }
        """);

    [Fact]
    public async Task Is_quiet_where_it_is_right() => await Rule.CheckAsync(
        """
        [Milter]
        partial class Filter
        {
            string? _helo; [PerSession] int _count; [PerMessage] string? _both; [PerMessage] string? _unread; [PerMessage] int _n;
            [OnHelo] void Helo(string name) { _helo = name; _both = name; _unread = name; }
            [OnMail] void Mail(string from) { _both = from; _n++; _count++; }
            [OnRcpt] Verdict To() => _helo is null || _both is null || _n + _count > 3 ? Verdict.Reject() : default;
        }
        """);
}
