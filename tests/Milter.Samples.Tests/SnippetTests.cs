using System.Text;
using Milter.Testing;

namespace Milter.Samples.Tests;

/// <summary>The programs that the documentation shows do what it says.</summary>
public sealed class SnippetTests
{
    private static TestMessage Hello => TestMessage.From("someone@client.example").To("anna@example.net").Subject("Hello");

    [Fact]
    public async Task The_filter_of_the_readme_tags()
    {
        await using var host = new MilterTestHost<global::ExternalTagger>();

        (await host.SendAsync(Hello)).AssertHeader("Subject", "[EXTERNAL] Hello").AssertWaits(1);
        (await host.SendAsync(Hello, TestClient.Default.Login("anna"))).AssertUnchanged();
    }

    [Theory]
    [InlineData(0)]
    [InlineData(7)]
    [InlineData(150_000)]
    public async Task The_first_filter_notes_sizes(int size)
    {
        await using var host = new MilterTestHost<SizeNote>();

        MilterTestResult result = await host.SendAsync(Hello.Body(Encoding.ASCII.GetBytes(new string('x', size))));

        result.AssertPassed().AssertHeader("X-Body-Size", $"{size}").AssertWaits(1).AssertNothingLogged();
    }

    [Fact]
    public async Task The_first_filter_refuses_what_is_too_large_and_says_so_in_the_log()
    {
        await using var host = new MilterTestHost<SizeNote>();

        MilterTestResult result = await host.SendAsync(Hello.Body(new byte[20_000_001]));

        result.AssertRejected(552, "5.3.4", "Please send large files by other means");
        Assert.Contains(result.Log, entry => entry.Message == "20000001 bytes from someone@client.example refused");
    }

    /// <summary>A size that is not counted anew for each message would show here.</summary>
    [Fact]
    public async Task The_first_filter_counts_each_message_of_a_session_for_itself()
    {
        await using var host = new MilterTestHost<SizeNote>();
        await using MilterTestSession session = await host.StartSessionAsync();

        (await session.SendAsync(Hello.Body("12345\n"))).AssertHeader("X-Body-Size", "7");
        (await session.SendAsync(Hello.Body("1\n"))).AssertHeader("X-Body-Size", "3");
        (await session.HalfCloseAsync(Hello.Body("1\n"), HalfClose.InMessage)).AssertCleanEnd();
    }

    [Fact]
    public void The_MTA_waits_once_for_each_of_them()
    {
        Assert.Equal(1, MilterDescriptor.Of<global::ExternalTagger>().WaitsPerMessage);
        Assert.Equal(1, MilterDescriptor.Of<SizeNote>().WaitsPerMessage);
        Assert.Equal(1, MilterDescriptor.Of<Quickstart.ExternalTagger>().WaitsPerMessage);
    }
}
