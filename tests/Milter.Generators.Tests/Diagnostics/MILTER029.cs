using Milter.Generators.Tests.Infrastructure;

namespace Milter.Generators.Tests.Diagnostics;

public sealed class MILTER029
{
    [Fact]
    public async Task Flags_it() => await Rule.CheckAsync(
        """
        [Milter]
        partial class Filter
        {
            [OnMail] void Mail() { }
            Verdict [|End|]([Header("Subject")] string? s, HeaderEditor h) => default;
            public async Task<Verdict> [|Rcpt|]([Macro("rcpt_addr")] string? to) { await Task.Yield(); return default; }
            void [|Note|](EnvelopeAddress to) { }
            static Verdict [|Look|](MessageBody body) => default;
            public void [|Edit|]([Needs(MilterActions.AddHeaders)] HeaderEditor h) { }
        }
        """);

    [Fact]
    public async Task Is_quiet_where_it_is_right() => await Rule.CheckAsync(
        """
        interface ILook { void Look(MessageHeaders h); }
        [Milter]
        partial class Filter : ILook
        {
            [OnMail] void Mail(EnvelopeAddress a) { Note(a); Action<EnvelopeAddress> f = Again; f(a); }
            [OnEom] void End(HeaderEditor h, MessageHeaders all) { Tag(h); ((ILook)this).Look(all); }
            void Note(EnvelopeAddress a) => Again(a);
            void Again(EnvelopeAddress a) { }
            readonly List<Func<EnvelopeAddress, Verdict>> _rules = [Short]; static Verdict Short(EnvelopeAddress a) => default;
            void Tag(HeaderEditor h) => h.RemoveAll("X");
            public void Look(MessageHeaders h) { }
            internal void ForTests(HeaderEditor h) => Tag(h);
            string Show(string s) => s;
            void Count(ReadOnlySpan<byte> bytes) { }
        }
        class Plain { void Take(HeaderEditor h) { } }
        """);
}
