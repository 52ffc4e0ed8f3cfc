using Milter.Generators.Tests.Infrastructure;

namespace Milter.Generators.Tests.Diagnostics;

public sealed class MILTER080
{
    [Fact]
    public async Task Flags_it() => await Rule.CheckAsync(
        """
        [Milter]
        partial class Filter
        {
            static readonly Verdict s_enough = Verdict.Skip;
            [OnConnect] Verdict Connect() => [|Verdict.Discard|];
            [OnHelo] Task<Verdict> Helo(string name) => Task.FromResult(name == "x" ? [|Verdict.Discard|] : Verdict.Accept);
            [OnData] ValueTask<Verdict> Data() => new([|Verdict.Skip|]);
            [OnHeader] Verdict Header(HeaderField field) { Verdict verdict = Verdict.Continue; if (field.Is("X")) verdict = [|Verdict.Skip|]; return verdict; }
            [OnEoh] Verdict Eoh() => [|s_enough|];
            [OnEom] async Task<Verdict> End() { await Task.Yield(); return Environment.TickCount switch { 0 => [|Verdict.Skip|], 1 => Verdict.Discard, _ => default }; }
            [OnUnknown] Verdict Unknown(string command) { if (command.Length > 9) return [|Verdict.Accept|]; return [|Verdict.Discard|]; }
        }
        """);

    [Fact]
    public async Task Is_quiet_where_it_is_right() => await Rule.CheckAsync(
        """
        [Milter]
        partial class Filter
        {
            [OnConnect] Verdict Connect() => Verdict.Accept;
            [OnHelo] Verdict Helo() => Verdict.TempFail();
            [OnMail] Verdict Mail() => Verdict.Discard;
            [OnBody] Verdict Chunk(ReadOnlySpan<byte> chunk) => chunk.Length > 9 ? Verdict.Skip : Verdict.Continue;
            [OnEom] Verdict End() { Func<Verdict> later = () => Verdict.Skip; return Other(later); }
            [OnUnknown] Verdict Unknown() => Verdict.Reject();
            Verdict Other(Func<Verdict> later) => later();
        }
        """);

    [Fact]
    public async Task Follows_locals_in_their_order_and_helpers() => await Rule.CheckAsync(
        """
        [Milter]
        partial class Filter
        {
            static readonly Verdict s_own = SpamVerdict.Skip;
            [OnMail] Verdict {|MILTER193:Mail|}(string from) { var v = Verdict.Skip; v = Verdict.Continue; return v; }
            [OnRcpt] Verdict To(string to) { Verdict v = Verdict.Continue; if (to == "") v = [|Verdict.Skip|]; return v; }
            [OnData] Verdict Data() => Judge(1);
            [OnEom] async Task<Verdict> End() { await Task.Yield(); return Local() == default ? s_own : Fixed; Verdict Local() => Verdict.Skip; }
            [OnEoh] async ValueTask<Verdict> Eoh() => await LaterAsync();
            static Verdict Judge(int n) => n > 0 ? [|Verdict.Skip|] : Inner();
            static Verdict Inner() => [|Verdict.Skip|];
            static async Task<Verdict> LaterAsync() { await Task.Yield(); return [|Verdict.Skip|]; }
            static Verdict Fixed => [|Verdict.Skip|];
        }
        static class SpamVerdict { public static Verdict Skip => Verdict.Continue; }
        """);
}
