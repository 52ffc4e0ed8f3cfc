using Milter.CodeFixes;
using Milter.Generators.Diagnostics;
using Milter.Generators.Tests.Infrastructure;

namespace Milter.Generators.Tests;

/// <summary>The way out of MILTER095: the reply that takes any text.</summary>
public sealed class CleanedReplyFixTests
{
    [Fact]
    public Task A_reply_of_one_line_takes_any_text() => Standard<ReplySourceAnalyzer, CleanedReplyFix>.FixAsync(
        """
        using static Milter.Verdict;

        partial class Filter
        {
            [OnEoh] Verdict Eoh([Header("Subject")] string? s) => s is null ? Continue : Reject(550, "5.7.1", [|s|]);
            [OnEom]
            Verdict End(MessageHeaders headers, [Header("From", Decoded = true)] HeaderValues from)
            {
                string subject = headers.Decoded("Subject") ?? "";
                return from.Count > 1
                    ? Verdict.Reject(550, "5.7.1", $"Not from {[|from[0]|]} twice")
                    : Verdict.TempFail(451, null, string.Format("Later: {0}", [|subject|]));
            }
        }
        """,
        """
        using static Milter.Verdict;

        partial class Filter
        {
            [OnEoh] Verdict Eoh([Header("Subject")] string? s) => s is null ? Continue : RejectCleaned(550, "5.7.1", s);
            [OnEom]
            Verdict End(MessageHeaders headers, [Header("From", Decoded = true)] HeaderValues from)
            {
                string subject = headers.Decoded("Subject") ?? "";
                return from.Count > 1
                    ? Verdict.RejectCleaned(550, "5.7.1", $"Not from {from[0]} twice")
                    : Verdict.TempFailCleaned(451, null, string.Format("Later: {0}", subject));
            }
        }
        """);

    [Fact]
    public Task One_of_several_lines_stays_as_it_is()
    {
        const string Source =
            """
            partial class Filter
            {
                [OnEoh] Verdict Eoh([Header("Subject")] string? s) => s is null ? default : Verdict.Reject(550, "5.7.1", "No:", [|s|]);
            }
            """;
        return Standard<ReplySourceAnalyzer, CleanedReplyFix>.FixAsync(Source, Source);
    }
}
