using Milter.Generators.Tests.Infrastructure;

namespace Milter.Generators.Tests.Diagnostics;

public sealed class MILTER028
{
    [Fact]
    public async Task Flags_a_handler_that_a_call_would_miss()
    {
        IReadOnlyList<string> messages = await Rule.CheckAsync("""
            using System.Runtime.CompilerServices;

            [Milter]
            partial class Filter
            {
                [OnMail] Verdict [|From|](string sender) => sender.Length > 256 ? Verdict.Reject() : Verdict.Continue;
                [OverloadResolutionPriority(1)] Verdict From(object sender) => Verdict.Reject();

                [OnEom, OverloadResolutionPriority(1)] static void [|End|](HeaderEditor headers) => End(headers, log: false);
                [OverloadResolutionPriority(2)] static void End(HeaderEditor headers, bool log = true) { }
            }
            """);

        Assert.Equal("A call of 'From' would go to 'Filter.From(object)', which has a higher OverloadResolutionPriority; give the handler one as high, or rename one of them", messages[0]);
    }

    [Fact]
    public async Task Is_quiet_about_overloads_that_don_t_get_the_call() => await Rule.CheckAsync("""
        using System.Runtime.CompilerServices;

        [Milter]
        partial class Filter
        {
            [OnMail, OverloadResolutionPriority(1)] Verdict From(string sender) => sender.Length > 256 ? Verdict.Reject() : Verdict.Continue;
            [OverloadResolutionPriority(1)] Verdict From(object sender) => Verdict.Reject();
            [OverloadResolutionPriority(2)] Verdict From(int sender) => Verdict.Reject();
            [OnEom] void End(HeaderEditor headers) { }
            void End(object headers) { }
            void End<T>(T headers) { }
        }
        """);
}
