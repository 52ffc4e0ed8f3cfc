namespace Milter.Testing.Tests;

public class WireTests
{
    /// <summary>What a filter does must not depend on where packets are cut, nor on how sessions end.</summary>
    [Fact]
    public async Task A_bad_network_changes_nothing()
    {
        TestMessage message = TestMessage.From("joe@elsewhere.test").To("ann@example.test").Header("X-Old", "1").Body(new byte[70_000].Select(_ => (byte)'x').ToArray());
        string? expected = null;
        for (int seed = 0; seed < 40; seed++)
        {
            await using var host = new MilterTestHost<Editing>(new MilterTestOptions { Wire = WireSimulation.Seeded(seed) });
            await using MilterTestSession session = await host.StartSessionAsync();
            await session.SendAsync(message);
            MilterTestResult result = await session.SendAsync(message);
            string content = result.Message.Content.ToString();
            Assert.Equal(expected ??= content, content);
        }
    }

    [Fact]
    public async Task A_failure_names_its_seed()
    {
        await using var host = new MilterTestHost<PostfixOnly>(new MilterTestOptions { Wire = WireSimulation.Seeded(17) });

        var failure = await Assert.ThrowsAsync<MilterAssertionException>(() => host.SendAsync(TestMessage.From("a@x.test").To("b@x.test")));

        Assert.Contains("WireSimulation.Seeded(17)", failure.Message, StringComparison.Ordinal);
    }
}
