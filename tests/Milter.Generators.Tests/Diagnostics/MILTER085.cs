using Milter.Generators.Tests.Infrastructure;

namespace Milter.Generators.Tests.Diagnostics;

public sealed class MILTER085
{
    [Fact]
    public async Task Flags_it() => await Rule.CheckAsync(
        """
        [Milter]
        partial class Filter
        {
            static readonly Verdict[] s_all = [Verdict.Reject(550, null, [|"a\nb"|]), Verdict.Reject(550, null, "a", [|"b\0"|]), Verdict.TempFail(451, null, "a", "b", [|"\x1b[1m"|]), [|Verdict.TempFail(451, null)|]];
            [OnEom] Verdict End() => s_all[0];
        }
        """);

    [Fact]
    public async Task Is_quiet_where_it_is_right() => await Rule.CheckAsync(
        """
        [Milter]
        partial class Filter
        {
            static readonly Verdict[] s_all = [Verdict.Reject(550, null, ""), Verdict.Reject(550, null, "100 % well\t"), Verdict.Reject(550, null, Environment.MachineName)];
            [OnEom] Verdict End() => s_all[0];
        }
        """);

    [Fact]
    public async Task Flags_parts_of_texts_made_later() => await Rule.CheckAsync(
        """
        [Milter]
        partial class Filter
        {
            [OnMail] Verdict Mail(EnvelopeAddress from) => Verdict.Reject(550, "5.7.1", "No " + from.Address + [|"\r\n"|]);
            [OnRcpt] Verdict To(EnvelopeAddress to) => Verdict.Reject(550, "5.7.1", $"{to.Address}[|\nis not here|]", $"{to.Domain} is fine");
            [OnEom]
            Verdict End(MessageEnvelope envelope)
            {
                string text = "a\nb";
                return envelope.Recipients.Count switch
                {
                    1 => Verdict.Reject(550, "5.7.1", [|text|]),
                    2 => Verdict.Reject(550, "5.7.1", string.Format([|"{0}\r\n"|], envelope.Sender)),
                    3 => Verdict.Reject(550, "5.7.1", string.Join([|"\n"|], envelope.Sender, "x")),
                    4 => Verdict.Reject(550, "5.7.1", $"a{[|Environment.NewLine|]}b"),
                    _ => default,
                };
            }
            [OnAbort] void Aborted() { }
        }
        """);

    [Fact]
    public async Task Counts_all_lines_together() => await Rule.CheckAsync(
        """
        static class Replies
        {
            const string Line = "0123456789012345678901234567890123456789012345678901234567890123456789012345678901234567890123456789";
            const string Long = Line + Line + Line + Line + Line + Line + Line + Line + Line;
            static readonly Verdict s_fits = Verdict.Reject(550, "5.7.1", Long, Long, Long, Long, Long, Long, Long, Long, Long, Long, Long, Long, Long, Long, Long, Long, Long);
            static readonly Verdict s_long = [|Verdict.Reject(550, "5.7.1", Long, Long, Long, Long, Long, Long, Long, Long, Long, Long, Long, Long, Long, Long, Long, Long, Long, Long)|];
        }
        """);
}
