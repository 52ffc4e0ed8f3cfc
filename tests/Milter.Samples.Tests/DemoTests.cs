using System.Runtime.CompilerServices;
using Quickstart.Demo;

namespace Milter.Samples.Tests;

/// <summary>Protects what the demo tells, of which the README shows a part.</summary>
public sealed class DemoTests
{
    [Fact]
    public async Task The_demo_tells_what_its_snapshot_tells()
    {
        string told = await RunAsync(colour: false);

        string path = Snapshot();
        if (Environment.GetEnvironmentVariable("ACCEPT_SNAPSHOTS") == "1")
        {
            await File.WriteAllTextAsync(path, told);
        }

        Assert.Equal(await File.ReadAllTextAsync(path), told);
    }

    [Fact]
    public async Task Colours_change_nothing_but_colours()
    {
        string plain = await RunAsync(colour: false);
        string coloured = await RunAsync(colour: true);

        Assert.DoesNotContain('\e', plain);
        Assert.Contains("\e[31m-Subject:", coloured, StringComparison.Ordinal);
        Assert.Equal(plain, System.Text.RegularExpressions.Regex.Replace(coloured, "\e\\[[0-9]+m", ""));
    }

    [Fact]
    public async Task A_message_of_the_users_own_can_be_played()
    {
        string path = Path.GetTempFileName();
        await File.WriteAllTextAsync(path, "Subject: My own\n\nBody\n");
        try
        {
            var output = new StringWriter();

            Assert.Equal(0, await DemoProgram.RunAsync(output, colour: false, showTime: false, [path]));
            Assert.Contains("+Subject: [EXTERNAL] My own", output.ToString(), StringComparison.Ordinal);
        }
        finally
        {
            File.Delete(path);
        }
    }

    [Fact]
    public async Task A_message_that_is_not_there_is_told()
    {
        var output = new StringWriter();

        Assert.Equal(1, await DemoProgram.RunAsync(output, colour: false, showTime: false, ["/nowhere/to.eml"]));
        Assert.Contains("/nowhere/to.eml", output.ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("hello\nthere\n", "its first line is \"hello\"")]
    [InlineData("\nSubject: late\n", "its first line is \"\"")]
    [InlineData(" continued\n", "its first line is \" continued\"")]
    [InlineData("", "its first line is \"\"")]
    public async Task A_file_that_is_no_message_is_named_with_what_is_wrong(string text, string expected)
    {
        string path = Path.GetTempFileName();
        await File.WriteAllTextAsync(path, text);
        try
        {
            var output = new StringWriter();

            Assert.Equal(1, await DemoProgram.RunAsync(output, colour: false, showTime: false, [path]));
            Assert.StartsWith(path + " is no message: it has to begin with a header field", output.ToString(), StringComparison.Ordinal);
            Assert.Contains(expected, output.ToString(), StringComparison.Ordinal);
        }
        finally
        {
            File.Delete(path);
        }
    }

    private static async Task<string> RunAsync(bool colour)
    {
        var output = new StringWriter { NewLine = "\n" };
        int exit = await DemoProgram.RunAsync(output, colour, showTime: false, []);
        Assert.True(exit == 0, output.ToString());
        return output.ToString();
    }

    private static string Snapshot([CallerFilePath] string file = "") => Path.Combine(Path.GetDirectoryName(file)!, "Snapshots", "Demo.verified.txt");
}
