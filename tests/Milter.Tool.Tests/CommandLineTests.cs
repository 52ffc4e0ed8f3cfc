using System.CommandLine;
using System.Text;

namespace Milter.Tool.Tests;

/// <summary>What is typed: letters, numbers, what belongs to which option, files that can't be written, Ctrl+C.</summary>
public sealed class CommandLineTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_letter_means_one_thing_and_is_on_the_page()
    {
        using var nothing = new StringWriter();
        (string Letter, string Name)[] all =
        [
            .. Commands(ToolProgram.Make(Terminal.Of(nothing, nothing)))
                .SelectMany(static command => command.Options)
                .Where(static option => option is not (System.CommandLine.Help.HelpOption or VersionOption))
                .SelectMany(static option => option.Aliases.Where(static alias => alias is ['-', not '-', ..]).Select(alias => (alias, option.Name))),
        ];
        string page = File.ReadAllText(Path.Combine(Tool.Root(), "docs/tool.md"));

        Assert.True(all.Length > 8);
        Assert.All(all.GroupBy(static one => one.Letter), static letter => Assert.Single(letter.Select(static one => one.Name).Distinct()));
        Assert.All(all, one => Assert.Contains($"`{one.Letter}` `{one.Name}`", page, StringComparison.Ordinal));
    }

    [Fact]
    public void No_command_has_two_options_of_one_spelling()
    {
        using var nothing = new StringWriter();
        Assert.All(Commands(ToolProgram.Make(Terminal.Of(nothing, nothing))), static command =>
        {
            string[] spellings = [.. command.Options.SelectMany(static option => option.Aliases.Append(option.Name)).Concat(command.Subcommands.Select(static one => one.Name))];
            Assert.Equal(spellings.Distinct(), spellings);
        });
    }

    [Theory]
    [InlineData("--timeout takes seconds from 0.001 to 86400, such as 5 or 0.5, not \"-1\".", "send", "inet:9@localhost", "--timeout", "-1")]
    [InlineData("not \"0\".", "run", "some.dll", "--timeout", "0")]
    [InlineData("not \"NaN\".", "check", "inet:9@localhost", "--timeout", "NaN")]
    [InlineData("not \"1e300\".", "replay", "some.milter", "inet:9@localhost", "--timeout", "1e300")]
    [InlineData("--duration takes seconds", "bench", "inet:9@localhost", "--duration", "-0.5")]
    [InlineData("--messages takes a whole number from 1 on, not \"0\".", "bench", "inet:9@localhost", "-n", "0")]
    [InlineData("--connections takes a whole number from 1 to 10000, not \"-3\".", "bench", "inet:9@localhost", "-c", "-3")]
    [InlineData("--per-session takes a whole number from 1 on, not \"1.5\".", "bench", "inet:9@localhost", "--per-session", "1.5")]
    [InlineData("--size takes a whole number from 1 to 67108864, not \"much\".", "bench", "inet:9@localhost", "--size", "much")]
    [InlineData("--sessions takes a whole number from 1 on, not \"-1\".", "trace", "inet:9@localhost", "inet:8@localhost", "--sessions", "-1")]
    [InlineData("--command-budget takes seconds", "explain", "some.dll", "--command-budget", "-8")]
    [InlineData("--limit takes a whole number from 1 on, not \"0\".", "policy", "show", "--limit", "0")]
    [InlineData("--days takes a whole number from 1 to 36500, not \"-1\".", "policy", "allow", "192.0.2.7", "--days", "-1")]
    [InlineData("--bits takes a whole number from 1024 to 8192, not \"12\".", "auth", "genkey", "example.net", "s", "--bits", "12")]
    public async Task A_number_that_can_not_be_is_refused_with_what_can(string words, params string[] args) =>
        Assert.Contains(words, (await Tool.RunAsync(args)).Expect(64).Error, StringComparison.Ordinal);

    [Fact]
    public async Task An_option_takes_one_value_and_leaves_the_next_word_to_its_argument()
    {
        await using MilterServer server = await MilterServer.StartAsync<Deciding>("inet:0@127.0.0.1");
        string endPoint = server.EndPoint.ToString(), tests = Tool.Beside("Milter.Tool.Tests.dll");

        Assert.Contains("1 passed", (await Tool.RunAsync("check", "--only", "scan", endPoint)).Expect(0).Output, StringComparison.Ordinal);
        Assert.Contains("2 passed", (await Tool.RunAsync("check", endPoint, "--only", "scan", "--only", "half")).Expect(0).Output, StringComparison.Ordinal);
        Assert.Contains("2 passed", (await Tool.RunAsync("check", endPoint, "scan", "half")).Expect(0).Output, StringComparison.Ordinal);
        Assert.Contains("Milter.Tool.Tests.Deciding", (await Tool.RunAsync("explain", "--filter", "Deciding", tests)).Expect(0).Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task No_command_takes_an_option_that_it_does_not_have_for_anything_else()
    {
        using var nothing = new StringWriter();
        foreach (Command command in Commands(ToolProgram.Make(Terminal.Of(nothing, nothing))))
        {
            string path = ToolProgram.PathOf(command);
            string[] words = [.. path.Split(' ').Skip(1)];

            Assert.Equal($"milter: {path} has no option --xyzzy. What begins with - and is no option stands behind --.\n{path} --help says what it takes.\n", (await Tool.RunAsync([.. words, "--xyzzy"])).Expect(64).Error);
            Assert.StartsWith($"milter: {path} has no option -x=1. ", (await Tool.RunAsync([.. words, "one", "-x=1"])).Expect(64).Error, StringComparison.Ordinal);
            foreach (Option option in command.Options.Where(static option => option is not (System.CommandLine.Help.HelpOption or VersionOption)))
            {
                string wrong = option.Name.Insert(4, "q");
                Assert.Contains($"has no option {wrong}. Did you mean --", (await Tool.RunAsync([.. words, wrong])).Expect(64).Error, StringComparison.Ordinal);
            }
        }
    }

    [Theory]
    [InlineData("milter send has no option --jsno. Did you mean --json?", "send", "inet:9@localhost", "--jsno", "x.eml")]
    [InlineData("milter health has no option -time. Did you mean --timeout?", "health", "inet:9@localhost", "-time")]
    [InlineData("--from has no value: --breif looks like an option, and milter send has none of that name. Did you mean --brief? A value that begins with -- is written --from=--breif.", "send", "inet:9@localhost", "--from", "--breif", "x.eml")]
    [InlineData("-b takes no value, and was given x.", "send", "inet:9@localhost", "-bx")]
    [InlineData("--json takes no value, and was given 1.", "check", "inet:9@localhost", "--json=1")]
    [InlineData("Milter.dll is not there", "explain", "--", "--Milter.dll")]
    [InlineData("-.eml is not there", "send", "inet:9@localhost", "--from=--odd", "--helo", "-odd", "--", "-.eml")]
    public async Task What_looks_like_an_option_is_one_unless_it_is_said_to_be_none(string words, params string[] args) =>
        Assert.Contains(words, (await Tool.RunAsync(args)).Error, StringComparison.Ordinal);

    [Fact]
    public async Task Where_a_recording_can_not_be_written_nothing_is_traced()
    {
        string socket = Path.Combine(_folder.Path, "trace.sock"), file = Path.Combine(_folder.Path, "nowhere", "session.milter");

        Ran ran = (await Tool.RunAsync("trace", "unix:" + socket, "inet:9@127.0.0.1", "--save", file)).Expect(73);

        Assert.StartsWith($"milter: --save {file}: the file can't be written: ", ran.Error, StringComparison.Ordinal);
        Assert.False(File.Exists(socket));
    }

    [Fact]
    public async Task A_recording_that_is_lost_later_is_told_with_its_conversation()
    {
        string socket = Path.Combine(_folder.Path, "trace.sock"), records = Directory.CreateDirectory(Path.Combine(_folder.Path, "records")).FullName;
        await using MilterServer server = await MilterServer.StartAsync<Deciding>("inet:0@127.0.0.1");
        Task<Ran> tracing = Tool.RunAsync("trace", "unix:" + socket, server.EndPoint.ToString(), "--sessions", "1", "--save", Path.Combine(records, "session.milter"));
        Directory.Delete(records, recursive: true);

        (await Tool.RunAsync("From: a@b.test\nTo: c@d.test\n\nx\n", ["send", "unix:" + socket])).Expect(0);

        Assert.Contains("#1", (await tracing).Expect(73).Output.Split('\n').Single(static line => line.Contains("NOT RECORDED in ", StringComparison.Ordinal)), StringComparison.Ordinal);
    }

    /// <summary>What is there already stays until there is something to put in its place.</summary>
    [Fact]
    public async Task To_see_whether_a_file_can_be_written_changes_nothing()
    {
        string old = Path.Combine(_folder.Path, "old"), fresh = Path.Combine(_folder.Path, "new");
        await File.WriteAllTextAsync(old, "kept");

        Assert.Equal(old, OutputFile.Check("--save", old));
        Assert.Equal(fresh, OutputFile.Check("--save", fresh));

        Assert.Equal("kept", await File.ReadAllTextAsync(old));
        Assert.False(File.Exists(fresh));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Ctrl_C_shows_what_a_load_has_come_to(bool json)
    {
        using var stop = new CancellationTokenSource();
        int seen = 0;
        await using var filter = new Scripted(code =>
        {
            if (code == 'E' && Interlocked.Increment(ref seen) == 20)
            {
                stop.Cancel();
            }

            return code switch { 'O' => [0, 0, 0, 13, (byte)'O', 0, 0, 0, 6, 0, 0, 0, 0, 0, 0, 0, 0], 'D' or 'A' or 'Q' => [], _ => [0, 0, 0, 1, (byte)'c'] };
        }, closes: static (code, _) => code == 'Q');

        Ran ran = (await Tool.RunAsync(null, ["bench", filter.EndPoint, "--duration", "3600", "-c", "2", .. json ? ["--json"] : Array.Empty<string>()], stop.Token)).Expect(130);

        Assert.Contains(json ? "\"messagesPerSecond\": " : " messages a second: ", ran.Output, StringComparison.Ordinal);
        Assert.Contains(json ? "\"CONTINUE\": " : "verdicts   CONTINUE ", ran.Output, StringComparison.Ordinal);
        Assert.Equal("", ran.Error);
    }

    [Fact]
    public async Task Errors_stand_behind_what_was_said_before_them()
    {
        using var file = new MemoryStream();
        await using var output = new StreamWriter(file, new UTF8Encoding(false), 4096, leaveOpen: true);
        await using var error = new StreamWriter(file, new UTF8Encoding(false), 4096, leaveOpen: true) { AutoFlush = true };
        Terminal terminal = Terminal.Of(output, error);

        terminal.Line("first");
        await terminal.Error.WriteLineAsync("second");
        terminal.Line("third");
        terminal.Error.Write('4');
        await terminal.Error.FlushAsync();

        Assert.Equal("first\nsecond\nthird\n4", Encoding.UTF8.GetString(file.ToArray()).ReplaceLineEndings("\n"));
    }

    [Theory]
    [InlineData("ServedByServices", "X-Greeting: from a service")]
    [InlineData("ServedByFunction", "X-Greeting: from a function")]
    [InlineData("ServedByStart", "X-Greeting: from a start")]
    public async Task A_program_without_a_host_gives_its_filter_what_it_would_serve_and_never_listens(string filter, string expected)
    {
        Ran ran = (await Tool.RunAsync("From: a@b.test\nTo: c@d.test\n\nx\n", ["run", Tool.Beside("Milter.ServerProgram.dll"), "--filter", filter])).Expect(0);

        Assert.Contains(expected, ran.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_filter_that_its_program_does_not_serve_is_told()
    {
        Ran ran = (await Tool.RunAsync("x", ["run", Tool.Beside("Milter.ServerProgram.dll"), "--filter", "NotServed"])).Expect(65);

        Assert.Contains("its program does not serve it before ServedByServices, ServedByFunction, ServedByStart", ran.Error, StringComparison.Ordinal);
    }

    private static IEnumerable<Command> Commands(Command command) => command.Subcommands.SelectMany(Commands).Prepend(command);
}
