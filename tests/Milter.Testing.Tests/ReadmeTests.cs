using Milter.Client;

namespace Milter.Testing.Tests;

// The README's example: a filter and its unit test. Kept under 30 lines between the marks; a test of the documentation compares them.
#region readme
[Milter]
public sealed partial class ExternalTagger(string spamWord)
{
    [OnEom]
    public Verdict End([Header("Subject")] string? subject, ConnectInfo? client, HeaderEditor headers)
    {
        if (subject?.Contains(spamWord, StringComparison.OrdinalIgnoreCase) == true)
        {
            return Verdict.Reject(550, "5.7.1", "No, thank you");
        }

        if (client is not { IsLocal: true })
        {
            headers.Set("Subject", "[EXTERNAL] " + subject);
        }

        return Verdict.Accept;
    }
}

public class ExternalTaggerTests
{
    private readonly MilterTestHost<ExternalTagger> _host = new(() => new ExternalTagger("pills"));

    [Fact]
    public async Task Mail_from_outside_is_tagged() =>
        (await _host.SendAsync(TestMessage.From("joe@elsewhere.test").To("ann@example.test").Subject("Hello"))).AssertHeader("Subject", "[EXTERNAL] Hello").AssertWaits(1);
}
#endregion

/// <summary>More of the same, so that what the README says holds.</summary>
public class ReadmeTests
{
    [Fact]
    public async Task A_refusal_is_asserted_with_its_words()
    {
        await using var host = new MilterTestHost<ExternalTagger>(() => new ExternalTagger("pills"));

        MilterTestResult result = await host.SendAsync(TestMessage.From("joe@elsewhere.test").To("ann@example.test").Subject("Cheap pills!"));

        result.AssertRejected(550, "5.7.1", "No, thank you");
        Assert.Equal(2, result.Runs.Count);
    }

    [Fact]
    public async Task Mail_from_this_machine_passes_as_it_is()
    {
        await using var host = new MilterTestHost<ExternalTagger>(() => new ExternalTagger("pills"));

        MilterTestResult result = await host.SendAsync(TestMessage.From("joe@example.test").To("ann@example.test").Subject("Hello"), TestClient.At("127.0.0.1"));

        result.AssertUnchanged().AssertVerdict(MilterVerdict.Accept).AssertNothingLogged();
    }
}
