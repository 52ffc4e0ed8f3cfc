using System.Text.Json;
using Milter.Client.Tests;

namespace Milter.Tool.Tests;

/// <summary>What takes a project or an assembly: which one is meant, and what is printed about it.</summary>
public class ProjectTests
{
    private static string Quickstart => Tool.Beside("quickstart.dll");

    [Fact]
    public async Task Explain_tells_who_causes_what()
    {
        Ran ran = (await Tool.RunAsync("explain", Tool.Beside("Milter.Tool.Tests.dll"))).Expect(0);
        Assert.Contains("Milter.Tool.Tests.Deciding  waits per message: 3 (MAIL, RCPT each, EOM), outside messages: none", ran.Output, StringComparison.Ordinal);
        Assert.Contains(" RCPT      the MTA waits each time   To", ran.Output, StringComparison.Ordinal);
        Assert.Contains("smtpd_milters = inet:localhost:9199\n", ran.Output, StringComparison.Ordinal);
        Assert.Contains("milter_connect_macros = j {daemon_name} {daemon_addr} v _ {client_port}\n", ran.Output, StringComparison.Ordinal);
        Assert.Contains("define(`confMILTER_MACROS_CONNECT', ``j, _, {daemon_name}, {if_name}, {if_addr}, {client_port}'')dnl", ran.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Timeouts_fit_the_budgets()
    {
        Ran ran = (await Tool.RunAsync("explain", Quickstart, "--command-budget", "40", "--eom-budget", "400")).Expect(0);
        Assert.Contains("milter_command_timeout = 42s", ran.Output, StringComparison.Ordinal);
        Assert.Contains("T=C:30s;S:10s;R:42s;E:402s", ran.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_unit_has_a_socket()
    {
        Ran ran = (await Tool.RunAsync("explain", Quickstart, "--unit")).Expect(0);
        Assert.Contains("Environment=Milter__Listen=systemd\n", ran.Output, StringComparison.Ordinal);
        Assert.Contains("ListenStream=/run/quickstart/milter.sock\n", ran.Output, StringComparison.Ordinal);
        Assert.Contains("RestartPreventExitStatus=78\n", ran.Output, StringComparison.Ordinal);
        Assert.Contains("Type=notify\n", ran.Output, StringComparison.Ordinal);
        Assert.Contains("ExecReload=/bin/kill -HUP $MAINPID\n", ran.Output, StringComparison.Ordinal);
        Assert.Contains("Environment=Milter__OnHangup=Reload\n", ran.Output, StringComparison.Ordinal);
        Assert.Contains("Restart=always\n", ran.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_units_of_the_first_steps_are_what_the_tool_writes()
    {
        Ran ran = (await Tool.RunAsync("explain", Tool.Beside("FirstFilter.dll"), "--unit")).Expect(0);
        string[] units = ran.Output.Replace("firstfilter", "sizenote", StringComparison.Ordinal).Split("# /etc/systemd/system/", StringSplitOptions.RemoveEmptyEntries);
        foreach (string unit in units)
        {
            string[] lines = unit.TrimEnd().Split('\n');
            Assert.Equal((await File.ReadAllTextAsync(Tool.Beside(Path.Combine("Units", lines[0])))).TrimEnd(), string.Join('\n', lines[1..]));
        }

        Assert.Equal(2, units.Length);
    }

    /// <summary>What systemd itself says of the units. The program is one that is there, since it looks for it; all else is as printed.</summary>
    [SkippableTheory]
    [InlineData("unix:/run/quickstart/milter.sock")]
    [InlineData("inet:9199@localhost")]
    [InlineData("inet6:9199@::1")]
    public async Task Units_pass_the_check_of_systemd(string endPoint)
    {
        Peer.Demand("/usr/bin/systemd-analyze");
        using var folder = new TemporaryFolder();
        Ran ran = (await Tool.RunAsync("explain", Quickstart, "--unit", "--endpoint", endPoint)).Expect(0);
        string[] units = [.. ran.Output.Split("# /etc/systemd/system/", StringSplitOptions.RemoveEmptyEntries)];
        Assert.Equal(["quickstart.service", "quickstart.socket"], units.Select(unit => unit.Split('\n')[0]));
        string program = Path.Combine(folder.Path, "quickstart");
        await File.WriteAllTextAsync(program, "#!/bin/sh\n");
        await Peer.RunAsync("/bin/chmod", "+x", program);
        foreach (string unit in units)
        {
            string text = "# " + unit.Replace("ExecStart=/opt/quickstart/quickstart", $"ExecStart={program}", StringComparison.Ordinal);
            await File.WriteAllTextAsync(Path.Combine(folder.Path, unit.Split('\n')[0]), text);
        }

        string said = await Peer.RunAsync("/usr/bin/systemd-analyze", "verify", Path.Combine(folder.Path, "quickstart.service"), Path.Combine(folder.Path, "quickstart.socket"));

        Assert.Equal("", said);
        string service = Path.Combine(folder.Path, "quickstart.service");
        await Peer.RunAsync("/usr/bin/systemd-analyze", "security", "--offline=yes", "--threshold=13", service);
        await File.WriteAllTextAsync(service, (await File.ReadAllTextAsync(service)).Replace("#MemoryDenyWriteExecute", "MemoryDenyWriteExecute", StringComparison.Ordinal));
        await Peer.RunAsync("/usr/bin/systemd-analyze", "security", "--offline=yes", "--threshold=12", service);
    }

    [Theory]
    [InlineData("", null)]
    [InlineData("net8.0;net10.0", "net10.0")]
    [InlineData("net10.0;net8.0;netstandard2.0", "net10.0")]
    [InlineData("net9.0; net8.0;", "net9.0")]
    [InlineData("net48;net8.0;net99.0;net10.0-windows", "net8.0")]
    public void The_newest_framework_that_runs_here_is_taken(string frameworks, string? expected) => Assert.Equal(expected, FilterProject.Newest("some.csproj", frameworks));

    [Fact]
    public void Where_none_runs_here_they_are_named()
    {
        var failure = Assert.Throws<ToolException>(() => FilterProject.Newest("some.csproj", "netstandard2.0;net48"));
        Assert.Equal($"some.csproj builds for netstandard2.0, net48, and none of them runs here (.NET {Environment.Version.ToString(2)}): choose one with --framework.", failure.Message);
    }

    [Fact]
    public async Task A_project_for_several_frameworks_is_built_for_one()
    {
        using var folder = new TemporaryFolder();
        await File.WriteAllTextAsync(
            Path.Combine(folder.Path, "some.csproj"),
            $"""
            <Project Sdk="Microsoft.NET.Sdk">
              <PropertyGroup><TargetFrameworks>net8.0;net10.0</TargetFrameworks></PropertyGroup>
              <ItemGroup Condition="'$(TargetFramework)' == 'net10.0'"><Reference Include="{Tool.Beside("Milter.Runtime.dll")}" /><Reference Include="{Tool.Beside("Milter.Protocol.dll")}" /></ItemGroup>
            </Project>
            """);
        await File.WriteAllTextAsync(
            Path.Combine(folder.Path, "Some.cs"),
            """
            #if NET10_0
            [assembly: Milter.CompilerServices.MilterCatalog("Some.Newest", 1, Handlers = new[] { "OnEom End" }, Causes = new[] { "EOM: End" }, WaitsPerMessage = new[] { "EOM" })]
            #endif
            """);

        Ran newest = (await Tool.RunAsync("explain", folder.Path)).Expect(0);
        Ran older = (await Tool.RunAsync("explain", folder.Path, "--framework", "net8.0")).Expect(65);

        Assert.Contains("Some.Newest  waits per message: 1 (EOM)", newest.Output, StringComparison.Ordinal);
        Assert.Contains($"{Path.Combine("net8.0", "some.dll")} has no milter in it", older.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Explain_as_json()
    {
        Ran ran = (await Tool.RunAsync("explain", Quickstart, "--json")).Expect(0);
        Assert.Equal("EOM", JsonDocument.Parse(ran.Output).RootElement[0].GetProperty("waitsPerMessage")[0].GetString());
    }

    [Fact]
    public async Task A_project_is_built_first()
    {
        using var folder = new TemporaryFolder();
        string project = Path.Combine(folder.Path, "some.csproj");
        await File.WriteAllTextAsync(
            project,
            $"""
            <Project Sdk="Microsoft.NET.Sdk">
              <PropertyGroup><TargetFramework>net10.0</TargetFramework></PropertyGroup>
              <ItemGroup><Reference Include="{Tool.Beside("Milter.Runtime.dll")}" /><Reference Include="{Tool.Beside("Milter.Protocol.dll")}" /></ItemGroup>
            </Project>
            """);
        await File.WriteAllTextAsync(
            Path.Combine(folder.Path, "Some.cs"), """[assembly: Milter.CompilerServices.MilterCatalog("Some.Filter", 2, Handlers = new[] { "OnEom End" }, Causes = new[] { "EOM: End" }, WaitsPerMessage = new[] { "EOM" })]""");
        Ran ran = (await Tool.RunAsync("explain", folder.Path)).Expect(0);
        Assert.Contains("Some.Filter  waits per message: 1 (EOM), outside messages: none", ran.Output, StringComparison.Ordinal);
        Assert.Contains("compiled with a newer AttrMilter", ran.Output, StringComparison.Ordinal);

        await File.WriteAllTextAsync(Path.Combine(folder.Path, "Some.cs"), "class { }");
        Ran broken = (await Tool.RunAsync("explain", project)).Expect(65);
        Assert.Contains("does not build:", broken.Error, StringComparison.Ordinal);
        Assert.Contains("error CS", broken.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Run_gets_the_filters_services_from_its_program()
    {
        Ran ran = (await Tool.RunAsync("run", Quickstart, "--brief", Tool.Beside("messages/outside.eml"), Tool.Beside("messages/listed-word.eml"))).Expect(1);
        Assert.Contains("outside.eml: 250 2.0.0 Ok: queued, 2 changes", ran.Output, StringComparison.Ordinal);
        Assert.Contains("listed-word.eml: 550 5.7.1", ran.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Run_takes_a_class_without_services()
    {
        Ran ran = (await Tool.RunAsync("From: a@b.test\nSubject: x\n\n", ["run", Tool.Beside("Milter.Tool.Tests.dll"), "--filter", "Deciding", "--from", "later@example.test"])).Expect(75);
        Assert.Contains("451 4.7.1 Come again", ran.Output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(66, "is not there", "explain", "/nowhere.csproj")]
    [InlineData(65, "has no milter in it", "explain", "/bin/../PROTOCOL")]
    [InlineData(65, "is no .NET assembly", "explain", "/bin/sh")]
    [InlineData(64, "There is no milter Other in it. There is: Deciding.", "explain", "TESTS", "--filter", "Deciding", "Other")]
    [InlineData(64, "--framework is for projects", "run", "TESTS", "--framework", "net10.0", "-")]
    [InlineData(64, "There is no milter Other in it. There is: Deciding.", "run", "TESTS", "--filter", "Other", "-")]
    public async Task Errors_say_what_to_do(int code, string text, string command, string path, params string[] more)
    {
        using var empty = new TemporaryFolder();
        string target = path;
        if (path.EndsWith("PROTOCOL", StringComparison.Ordinal))
        {
            target = Path.Combine(empty.Path, "Milter.Protocol.dll");
            File.Copy(Tool.Beside("Milter.Protocol.dll"), target);
        }

        Ran ran = (await Tool.RunAsync([command, path == "TESTS" ? Tool.Beside("Milter.Tool.Tests.dll") : target, .. more])).Expect(code);
        Assert.Contains(text, ran.Error, StringComparison.Ordinal);
    }
}

/// <summary>A folder for a test.</summary>
internal sealed class TemporaryFolder : IDisposable
{
    public string Path { get; } = Directory.CreateTempSubdirectory("tool-").FullName;

    public void Dispose() => Directory.Delete(Path, recursive: true);
}
