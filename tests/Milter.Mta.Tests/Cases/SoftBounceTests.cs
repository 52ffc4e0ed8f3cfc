using Milter.Mta.Filters;

namespace Milter.Mta.Tests;

/// <summary>Protects what is said of <c>soft_bounce</c>: that a filter's refusal may reach the client as one for now.</summary>
[Collection(MtaCollections.Both)]
public sealed class SoftBounceTests(SoftBounceTests.Fixture fixture) : IClassFixture<SoftBounceTests.Fixture>
{
    public static TheoryData<MtaKind, MilterStages> Stages => new()
    {
        { MtaKind.Postfix, MilterStages.Rcpt }, { MtaKind.Postfix, MilterStages.Eom },
        { MtaKind.Sendmail, MilterStages.Rcpt }, { MtaKind.Sendmail, MilterStages.Eom },
    };

    [SkippableTheory, MemberData(nameof(Stages))]
    public async Task A_refusal_becomes_one_for_now(MtaKind kind, MilterStages stage)
    {
        await using FilterRun run = await fixture.RunAsync(
            kind, () => new VerdictFilter(at => at == stage ? Verdict.Reject(550, "5.7.1", "no") : Verdict.Continue, new Journal()));

        SmtpReply reply = await run.SendAsync(Mail.NewAddress(), Mail.Message());

        Assert.StartsWith("450 4.7.1", reply.ToString(), StringComparison.Ordinal);
    }

    /// <summary>Servers that refuse nothing for good.</summary>
    public sealed class Fixture : CaseFixture
    {
        /// <inheritdoc/>
        protected override MtaOptions Configure(MtaKind kind, MtaOptions options) => options with { SoftBounce = true };
    }
}
