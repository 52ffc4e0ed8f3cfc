using Milter.Generators.Tests.Infrastructure;

namespace Milter.Generators.Tests.Diagnostics;

public sealed class MILTER131
{
    [Fact]
    public async Task Flags_it() => await Rule.CheckAsync(
        """
        [Milter]
        partial class Filter
        {
            [[|OnHeader("X-Spam")|]] Verdict Spam(string value) => value.Trim() == "yes" ? Verdict.Reject() : default;
            [[|OnHeader("To", "Cc")|]] Task<Verdict> To(string value) => Task.FromResult(value == "" ? Verdict.Reject() : default);
        }
        """);

    [Fact]
    public async Task Is_quiet_where_it_is_right() => await Rule.CheckAsync(
        """
        [Milter]
        partial class Filter
        {
            [OnHeader] Verdict All(HeaderField field) => default;
            [OnHeader("X", Order = 1)] Verdict One(HeaderField field) => default;
        }
        [Milter]
        partial class Other
        {
            [OnHeader("X")] void One(HeaderField field) { }
        }
        """);
}
