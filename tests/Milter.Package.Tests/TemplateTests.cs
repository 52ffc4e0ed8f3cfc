using System.Diagnostics;
using System.Text.RegularExpressions;
using Milter.Mta.Tests;

namespace Milter.Package.Tests;

/// <summary>Protects the first hour: what <c>dotnet new milter</c> makes builds, passes its tests and marks the mail of a real Postfix when its README is followed.</summary>
/// <remarks>Followed to the letter, but that the port, the folder and the socket are the test's own.</remarks>
[Collection(nameof(Feed))]
public sealed partial class TemplateTests(Feed feed)
{
    // Its namespace, class and unit are spelled otherwise than it is.
    private const string Name = "Acme.SpamTag-2";

    private const string Unit = "acme-spamtag-2";

    [SkippableFact]
    public async Task A_project_from_the_packed_template_is_tested_run_and_installed_as_its_readme_says()
    {
        string project = Make();
        string readme = await File.ReadAllTextAsync(Path.Combine(project, "README.md"));

        Result test = Follow(project, Block(readme, "Test", 0));
        Assert.True(test.Code == 0, test.Output);
        Assert.Contains("Passed:     3", test.Output, StringComparison.Ordinal);

        await RunUnderPostfixAsync(project, readme);
        await InstallAsync(project, readme);
    }

    private string Make()
    {
        string hive = Path.Combine(feed.Folder, "hive");
        string package = Path.Combine(feed.Packages, $"AttrMilter.Templates.{feed.Version}.nupkg");
        Result install = Feed.Run(feed.Folder, "new", "install", package, "--debug:custom-hive", hive);
        Assert.True(install.Code == 0, install.Output);
        Result made = Feed.Run(feed.Folder, "new", "milter", "-n", Name, "--debug:custom-hive", hive);
        Assert.True(made.Code == 0, made.Output);
        string project = Path.Combine(feed.Folder, Name);
        feed.Use(project);
        foreach (string file in Directory.EnumerateFiles(project, "*", SearchOption.AllDirectories))
        {
            Assert.DoesNotMatch("(?i)template|ATTRMILTER_", file[project.Length..] + File.ReadAllText(file));
        }

        return project;
    }

    private static async Task RunUnderPostfixAsync(string project, string readme)
    {
        const string Section = "Run it under Postfix";
        string port = $"{LoopbackPort.Take()}";
        string[] command = Block(readme, Section, 0).Split(' ', StringSplitOptions.TrimEntries);
        ProcessStartInfo start = Feed.Command(project, command[1..]);
        start.Environment["Milter__Listen"] = $"inet:{port}@localhost";
        using Process filter = Process.Start(start)!;
        try
        {
            using StreamReader log = filter.StandardOutput;
            string? line;
            do
            {
                line = await log.ReadLineAsync();
                Assert.True(line is not null, "the filter ends before it listens");
            }
            while (!line.Contains(port, StringComparison.Ordinal));

            await DeliverAsync(Block(readme, Section, 1).Replace("9199", port, StringComparison.Ordinal));
        }
        finally
        {
            filter.Kill(entireProcessTree: true);
            await filter.WaitForExitAsync();
        }
    }

    private async Task InstallAsync(string project, string readme)
    {
        const string Section = "Install it as a service";
        string installed = Path.Combine(feed.Folder, "opt");
        string publish = Block(readme, Section, 0).Split('\n')[0].Replace($"/opt/{Unit}", installed, StringComparison.Ordinal);
        Result published = Follow(project, publish);
        Assert.True(published.Code == 0, published.Output);

        using WorkFolder folder = WorkFolder.Create("template");
        string socket = folder.SocketPath();
        string service = folder[$"{Unit}.service"];
        await File.WriteAllTextAsync(service, (await File.ReadAllTextAsync(Path.Combine(project, "deploy", $"{Unit}.service"))).Replace($"/opt/{Unit}", installed, StringComparison.Ordinal));
        await File.WriteAllTextAsync(folder[$"{Unit}.socket"], (await File.ReadAllTextAsync(Path.Combine(project, "deploy", $"{Unit}.socket"))).Replace($"/run/{Unit}.sock", socket, StringComparison.Ordinal));
        Skip.IfNot(File.Exists(PlayedService.Activate), "systemd is not installed; `apt-get install systemd` does that on Debian.");
        await PlayedService.VerifyAsync(service);

        await using PlayedService played = await PlayedService.StartAsync(folder, Unit);
        await DeliverAsync(Block(readme, Section, 1).Replace($"/run/{Unit}.sock", socket, StringComparison.Ordinal));
        await played.WaitForAsync("READY=1");
        Assert.Equal(0, await played.StopAsync());
        await played.WaitForAsync("STOPPING=1");
    }

    private static async Task DeliverAsync(string mainCf)
    {
        await using var sink = new MessageSink();
        string[] lines = mainCf.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        await using MtaServer postfix = await MtaServer.StartAsync(MtaKind.Postfix, new MtaOptions { Postfix = new() { MainCf = lines } }, sink);
        await using SmtpClientSession session = await postfix.ConnectAsync();
        await session.EhloAsync();
        SmtpReply reply = await session.SendAsync("me@example.org", ["you@example.net"], "Subject: Hello\r\n\r\nHello\r\n");
        Assert.True(reply.IsPositive, $"{reply}\n{postfix.LogTail}");
        SinkMessage message = await postfix.WaitForDeliveryAsync(one => one.IsFor("you@example.net"));

        Assert.Equal("inside", Assert.Single(message.HeaderValues($"X-{Unit}")).Trim());
    }

    /// <summary>Runs a line of the README, which is one of the SDK's command.</summary>
    private static Result Follow(string project, string line)
    {
        string[] words = line.Split(' ', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        Assert.Equal("dotnet", words[0]);
        return Feed.Run(project, words[1..]);
    }

    /// <summary>Gets a block of code of a section of the README.</summary>
    private static string Block(string readme, string section, int number)
    {
        string text = readme.Split($"## {section}\n")[1].Split("\n## ")[0];
        return Blocks().Matches(text)[number].Groups["code"].Value.Trim();
    }

    [GeneratedRegex("^```\\w*\n(?<code>.*?)^```$", RegexOptions.Singleline | RegexOptions.Multiline)]
    private static partial Regex Blocks();
}
