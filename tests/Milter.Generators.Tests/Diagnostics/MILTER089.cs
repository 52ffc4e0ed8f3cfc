using Milter.Generators.Tests.Infrastructure;

namespace Milter.Generators.Tests.Diagnostics;

public sealed class MILTER089
{
    [Fact]
    public async Task Flags_it() => await Rule.CheckAsync(
        """
        [Milter]
        partial class Filter
        {
            Func<string, Verdict> _judge = _ => Verdict.Accept; Judge? _other;
            [OnMail] Verdict Mail(string from) { if (from == "") [|Verdict.Reject()|]; {|MILTER088:[|Verdict.TempFail(451, "4.7.1", "Later")|]|}; [|Helper(from)|]; [|_judge(from)|]; return Verdict.Continue; }
            [OnRcpt] async Task<Verdict> To(string to) { [|await LaterAsync(to)|]; return default; }
            [OnData] void Data() { Verdict unused = [|Helper("x")|]; [|_other?.Ask("x")|]; new List<string>().ForEach(x => [|Helper(x)|]); }
            [OnEoh] void Eoh() => [|LaterAsync("x")|];
            static Verdict Helper(string s) => s == "" ? Verdict.Reject() : default;
            static async Task<Verdict> LaterAsync(string s) { await Task.Yield(); return default; }
            class Judge { public Verdict? Ask(string s) => null; }
        }
        """);

    [Fact]
    public async Task Is_quiet_where_it_is_right() => await Rule.CheckAsync(
        """
        [Milter]
        partial class Filter
        {
            [OnMail] Verdict Mail(string from) { _ = Helper(from); Verdict dead = Verdict.Skip; Verdict v = Helper(from); return v.IsContinue ? Helper(from) : v; }
            [OnRcpt] Task<Verdict> To(string to) => LaterAsync(to);
            [OnEom] async Task<Verdict> End() { var all = new List<Task<Verdict>> { LaterAsync("") }; all.Add(LaterAsync("x")); await Task.WhenAll(all); Func<Verdict> f = () => Helper("x"); return f(); }
            static Verdict Helper(string s) => s == "" ? Verdict.Reject() : default;
            static async Task<Verdict> LaterAsync(string s) { await Task.Yield(); return default; }
        }
        """);

    [Fact]
    public async Task Sees_a_refusal_that_a_local_is_given_and_that_is_not_returned() => await Rule.CheckAsync(
        """
        [Milter]
        partial class Filter
        {
            [OnEom]
            Verdict End([Header("Subject")] string? subject)
            {
                Verdict first = Verdict.Continue, second, third = Verdict.TempFail(), kept = Verdict.Continue;
                Verdict Kept() => kept;
                if (subject is null)
                {
                    first = [|Verdict.Reject()|];
                }

                second = [|Judge(subject)|];
                third = subject is "x" ? Verdict.Reject() : Verdict.Continue;
                kept = Verdict.Discard;
                return subject is "" ? third : Kept();
            }
            static Verdict Judge(string? subject) => subject is "y" ? Verdict.Reject() : Verdict.Continue;
        }
        """);
}
