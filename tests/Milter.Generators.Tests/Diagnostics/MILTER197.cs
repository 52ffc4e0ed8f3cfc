using Milter.Generators.Tests.Infrastructure;

namespace Milter.Generators.Tests.Diagnostics;

public sealed class MILTER197
{
    [Fact]
    public async Task Flags_it() => await Rule.CheckAsync(
        """
        [Milter]
        partial class Filter
        {
            static readonly Verdict s_no = Verdict.Reject(550, "5.7.1", [|"Grüße"|]), s_two = Verdict.TempFail(451, "4.7.1", "a", [|"b…"|]);
            [OnMail] Verdict Mail(EnvelopeAddress from) => from.IsNull ? s_no : Verdict.TempFail(451, "4.7.1", $"[|Später, |]{from.Domain}" + [|" – ja"|]);
        }
        """);

    [Fact]
    public async Task Says_what_is_told() => Assert.Contains(
        "is told \"Gr????e\"",
        Assert.Single(await Rule.CheckAsync("static class C { static readonly Verdict s_no = Verdict.Reject(550, \"5.7.1\", [|\"Grüße\"|]); }")),
        StringComparison.Ordinal);

    [Fact]
    public async Task Is_quiet_where_it_is_right() => await Rule.CheckAsync(
        """
        [Milter]
        partial class Filter
        {
            static readonly Verdict s_no = Verdict.Reject(550, "5.7.1", "Gruesse\t~");
            [OnMail] Verdict Mail(EnvelopeAddress from) => from.IsNull ? s_no : from.Domain == "" ? Verdict.RejectCleaned(550, "5.7.1", "Grüße") : Verdict.Reject(550, "5.7.1", from.Domain);
        }
        """);
}
