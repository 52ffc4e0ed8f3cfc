using System.Text;
using Microsoft.Extensions.Logging.Abstractions;
using Milter.Client;
using Milter.Protocol;

namespace Milter.Samples.Tests;

/// <summary>The programs that the documentation shows do what it says.</summary>
public sealed class SnippetTests
{
    [Fact]
    public async Task The_filter_of_the_readme_tags()
    {
        await using MilterServer server = await MilterServer.StartAsync<global::ExternalTagger>("inet:0@127.0.0.1");

        MilterOutcome outside = await Mailbox.PlayAsync(server.EndPoint, Mailbox.Letter("Subject: Hello"));
        MilterOutcome inside = await Mailbox.PlayAsync(server.EndPoint, Mailbox.Letter("Subject: Hello", login: "anna"));

        Assert.Equal([" [EXTERNAL] Hello"], outside.Result.Values("Subject"));
        Assert.Equal(1, outside.Waits);
        Assert.Empty(inside.Modifications);
    }

    [Theory]
    [InlineData(0, "0")]
    [InlineData(7, "7")]
    [InlineData(150_000, "150000")]
    [InlineData(20_000_001, null)]
    public async Task The_first_filter_notes_sizes_and_refuses_what_is_too_large(int size, string? noted)
    {
        await using MilterServer server = await MilterServer.StartAsync("inet:0@127.0.0.1", () => new SizeNote(NullLogger<SizeNote>.Instance));
        Letter letter = Mailbox.Letter("Subject: Hello");
        letter.Message.Content.Body = Encoding.ASCII.GetBytes(new string('x', size));

        MilterOutcome played = await Mailbox.PlayAsync(server.EndPoint, letter);

        Assert.Equal(1, played.Waits);
        Assert.Equal(noted is null ? [] : [" " + noted], played.Result.Values("X-Body-Size"));
        Assert.Equal(noted is null ? "552 5.3.4 Please send large files by other means" : "250 2.0.0 Ok: queued", played.SmtpReply.ToString());
    }

    [Fact]
    public void The_MTA_waits_once_for_each_of_them()
    {
        Assert.Equal(1, MilterDescriptor.Of<global::ExternalTagger>().WaitsPerMessage);
        Assert.Equal(1, MilterDescriptor.Of<SizeNote>().WaitsPerMessage);
        Assert.Equal(1, MilterDescriptor.Of<Quickstart.ExternalTagger>().WaitsPerMessage);
    }
}
