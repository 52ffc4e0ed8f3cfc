using Quickstart;

namespace Milter.Samples.Tests;

/// <summary>Protects users of the Quickstart from words that are taken and change nothing.</summary>
public sealed class CommandLineTests
{
    [Theory]
    [InlineData("dmeo", "\"dmeo\" (word 1 of the command line) is no command. Write demo ")]
    [InlineData("--time demo2", "\"demo2\" (word 2 ")]
    [InlineData("--Listen inet:1@localhost", "\"--Listen\" (word 1 of the command line) is no option. Settings are --Milter:KEY, ")]
    [InlineData("-t", "\"-t\" (word 1 ")]
    [InlineData("--Mitler:Listen=inet:1@localhost", "\"--Mitler:Listen=inet:1@localhost\" (word 1 ")]
    [InlineData("--Milter:Listen", "\"--Milter:Listen\" (word 1 of the command line) has no value behind it.")]
    [InlineData("--Milter:Listen --time", "\"--Milter:Listen\" (word 1 of the command line) has no value behind it.")]
    [InlineData("demo --colour", "\"--colour\" (word 2 of the command line) is no option of the demo")]
    [InlineData("demo --Milter:Listen inet:1@localhost", "\"--Milter:Listen\" (word 2 of the command line) is no option of the demo")]
    [InlineData("--Quickstart:Tag x demo", "\"demo\" (word 3 ")]
    public void What_means_nothing_is_refused_with_where_it_stands(string line, string expected)
    {
        Assert.False(CommandLine.TryParse(line.Split(' '), out _, out string? error));

        Assert.StartsWith("quickstart: " + expected, error, StringComparison.Ordinal);
        Assert.EndsWith("quickstart --help says more.", error, StringComparison.Ordinal);
    }

    [Fact]
    public void Settings_go_to_the_host_as_they_are()
    {
        Assert.True(CommandLine.TryParse(["--Milter:Listen", "inet:1@localhost", "--time", "--quickstart:tag=-- x"], out CommandLine? read, out _));

        Assert.Equal(["--Milter:Listen", "inet:1@localhost", "--quickstart:tag=-- x"], read.Settings);
        Assert.True(read.ShowsTime);
        Assert.False(read.IsDemo);
    }

    [Fact]
    public void The_demo_takes_files()
    {
        Assert.True(CommandLine.TryParse(["demo", "--time", "a.eml", "demo"], out CommandLine? read, out _));

        Assert.True(read.IsDemo && read.ShowsTime);
        Assert.Equal(["a.eml", "demo"], read.Files);
    }

    [Theory]
    [InlineData("--help")]
    [InlineData("demo", "-h")]
    public void Help_is_there(params string[] args)
    {
        Assert.True(CommandLine.TryParse(args, out CommandLine? read, out _));

        Assert.True(read.AsksForHelp);
    }

    [Fact]
    public void Nothing_at_all_means_to_listen()
    {
        Assert.True(CommandLine.TryParse([], out CommandLine? read, out _));

        Assert.False(read.IsDemo || read.AsksForHelp || read.ShowsTime);
    }
}
