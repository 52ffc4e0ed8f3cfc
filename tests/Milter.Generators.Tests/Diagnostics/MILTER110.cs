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
            [OnMail] void Mail(EnvelopeAddress a) { [|_name|] = a.Domain; [|_count|]++; _count++; [|Property|] = "x"; }
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
}
