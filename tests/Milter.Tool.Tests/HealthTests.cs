using System.Net;
using System.Net.Sockets;

namespace Milter.Tool.Tests;

public sealed class HealthTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("health-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task A_filter_that_answers_is_told_in_a_line_and_counts_nothing()
    {
        await using MilterServer server = await MilterServer.StartAsync<Deciding>($"unix:{_folder}/milter.sock");

        Ran ran = (await Tool.RunAsync("health", $"unix:{_folder}/milter.sock")).Expect(0);

        Assert.Equal($"unix:{_folder}/milter.sock answers: version 6, waits at MAIL RCPT EOM, … ms\n", ran.Masked);
        Assert.Equal(0, server.Health.Messages);
    }

    [Fact]
    public async Task Where_nobody_listens_the_exit_code_is_69_and_the_reason_is_told()
    {
        Ran ran = (await Tool.RunAsync("health", $"unix:{_folder}/nobody.sock")).Expect(69);

        Assert.StartsWith($"milter: The filter at unix:{_folder}/nobody.sock can't be reached: there is no such socket\n", ran.Error, StringComparison.Ordinal);
        Assert.Equal("", ran.Output);
    }

    [Fact]
    public async Task One_that_is_silent_is_no_filter()
    {
        using var silent = new TcpListener(IPAddress.Loopback, 0);
        silent.Start();

        Ran ran = (await Tool.RunAsync("health", $"inet:{((IPEndPoint)silent.LocalEndpoint).Port}@127.0.0.1", "--timeout", "5")).Expect(76);

        Assert.NotEqual("", ran.Error);
    }

    [Theory]
    [InlineData("-1")]
    [InlineData("0")]
    [InlineData("soon")]
    [InlineData("1e9")]
    public async Task A_time_that_is_none_is_refused(string seconds)
    {
        Ran ran = (await Tool.RunAsync("health", "inet:1@127.0.0.1", "--timeout", seconds)).Expect(64);

        Assert.Contains($"\"{seconds}\"", ran.Error, StringComparison.Ordinal);
    }
}
