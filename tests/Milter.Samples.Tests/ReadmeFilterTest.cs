using Milter.Testing;

namespace Milter.Samples.Tests;

// The README shows this class, below the filter that it tests.
public class ExternalTaggerTest
{
    private readonly MilterTestHost<ExternalTagger> _host = new(() => new ExternalTagger());

    [Fact]
    public async Task Mail_from_outside_is_tagged() =>
        (await _host.SendAsync(TestMessage.From("joe@elsewhere.test").To("ann@example.test").Subject("Hello")))
            .AssertHeader("Subject", "[EXTERNAL] Hello").AssertWaits(1);
}
