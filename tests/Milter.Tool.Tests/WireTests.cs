using System.Net;
using System.Net.Sockets;
using System.Text.Json;
using Milter.Client.Tests;

namespace Milter.Tool.Tests;

/// <summary>What watches, repeats, checks and measures.</summary>
public sealed class WireTests : IDisposable
{
    private const string Letter = "From: joe@elsewhere.test\nTo: ann@example.test\nSubject: Hello\n\nHello Ann\n";

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_conversation_is_shown_recorded_and_told_again(bool redacts)
    {
        await using MilterServer server = await MilterServer.StartAsync<Deciding>("inet:0@127.0.0.1");
        string file = Path.Combine(_folder.Path, "session.milter");
        string proxy = $"unix:{_folder.Path}/proxy.sock";
        string[] more = redacts ? ["--redact"] : [];
        Task<Ran> tracing = Tool.RunAsync(["trace", proxy, server.EndPoint.ToString(), "--sessions", "1", "--save", file, .. more]);
        (await Tool.RunAsync(Letter, ["send", proxy])).Expect(0);
        Ran traced = (await tracing).Expect(0);

        Assert.Contains(redacts ? "Subject: xxxxx" : "Subject: Hello", traced.Output, StringComparison.Ordinal);
        Assert.Contains("= waits at MAIL RCPT EOM", traced.Output, StringComparison.Ordinal);
        Assert.Contains("the MTA waited 3 times", traced.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("OWED", traced.Output, StringComparison.Ordinal);
        Assert.Equal(!redacts, (await File.ReadAllTextAsync(file)).Contains("joe@elsewhere.test", StringComparison.Ordinal));

        Ran replayed = (await Tool.RunAsync("replay", file, server.EndPoint.ToString())).Expect(0);
        Assert.Equal("All 5 packets of the filter are as recorded.\n", replayed.Output);

        await File.WriteAllTextAsync(file, (await File.ReadAllTextAsync(file)).Replace("\n< a", "\n< c", StringComparison.Ordinal));
        Ran other = (await Tool.RunAsync("replay", file, server.EndPoint.ToString())).Expect(1);
        Assert.Contains("-< c\n+< a\n", other.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_is_owed_is_told()
    {
        await using var silent = new Scripted(code => code == 'O' ? [0, 0, 0, 13, (byte)'O', 0, 0, 0, 6, 0, 0, 0, 0, 0, 0, 0, 0] : []);
        string proxy = $"unix:{_folder.Path}/proxy.sock";
        Task<Ran> tracing = Tool.RunAsync("trace", proxy, silent.EndPoint, "--sessions", "1");
        Ran sent = (await Tool.RunAsync(Letter, ["send", proxy, "--timeout", "5"])).Expect(76);
        Assert.Contains("did not answer at CONNECT within 5 s", sent.Error, StringComparison.Ordinal);
        Assert.Contains("OWED: CONNECT for ", (await tracing).Expect(0).Output, StringComparison.Ordinal);
    }

    /// <summary>The umask belongs to the process: the command is one of its own here.</summary>
    [SkippableTheory]
    [InlineData("000", null, "660")]
    [InlineData("000", "600", "600")]
    [InlineData("077", "660", "660")]
    [InlineData("022", "0666", "666")]
    public async Task A_traces_socket_has_the_rights_that_were_asked_for(string umask, string? mode, string expected)
    {
        Peer.Demand("/bin/sh");
        string socket = Path.Combine(_folder.Path, "trace.sock");
        string option = mode is null ? "" : $"--mode {mode}";

        await using (await Peer.StartAsync(socket, "/bin/sh", "-c", $"umask {umask}; exec dotnet '{Tool.Beside("Milter.Tool.dll")}' trace unix:{socket} unix:/nonexistent/filter.sock {option}"))
        {
            Assert.Equal(expected, Convert.ToString(OperatingSystem.IsWindows() ? 0 : (int)File.GetUnixFileMode(socket), 8));
        }

        Assert.False(File.Exists(socket), "the socket is left over");
    }

    [Theory]
    [InlineData(64, "\"9\" is no mode. Write it in octal: 660, 0666.", "unix:SOCKET", "9")]
    [InlineData(64, "--mode is for unix sockets, and inet:9@127.0.0.1 is none.", "inet:9@127.0.0.1", "660")]
    [InlineData(69, "another process answers on", "unix:TAKEN", "660")]
    public async Task Where_a_trace_can_not_listen_it_says_why(int code, string text, string listen, string mode)
    {
        string path = Path.Combine(_folder.Path, "s");
        await using MilterServer? taken = listen.EndsWith("TAKEN", StringComparison.Ordinal) ? await MilterServer.StartAsync<Deciding>("unix:" + path) : null;

        Ran ran = (await Tool.RunAsync("trace", listen.Replace("SOCKET", path, StringComparison.Ordinal).Replace("TAKEN", path, StringComparison.Ordinal), "inet:9@127.0.0.1", "--mode", mode)).Expect(code);

        Assert.Contains(text, ran.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Our_filters_pass_the_check()
    {
        await using MilterServer server = await MilterServer.StartAsync<Deciding>("inet:0@127.0.0.1");
        Ran ran = await Tool.RunAsync("check", server.EndPoint.ToString(), "--timeout", "20");
        Assert.True(ran.Code == 0, ran.Output + ran.Error);
        Assert.Contains(" 0 FAILED", ran.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_filter_that_breaks_the_rules_is_found_out()
    {
        // SKIP at every step, and no close at QUIT.
        await using var wrong = new Scripted(code => code switch
        {
            'O' => [0, 0, 0, 13, (byte)'O', 0, 0, 0, 6, 0, 0, 0, 0, 0, 0, 0, 0],
            'D' or 'A' or 'Q' => [],
            _ => [0, 0, 0, 1, (byte)'s'],
        });
        Ran ran = (await Tool.RunAsync("check", wrong.EndPoint, "--only", "negotiation", "message", "--json", "--timeout", "5")).Expect(1);
        JsonElement cases = JsonDocument.Parse(ran.Output).RootElement.GetProperty("cases");
        Assert.Equal("passed", cases[0].GetProperty("outcome").GetString());
        Assert.Equal("failed", cases[1].GetProperty("outcome").GetString());
        Assert.Equal("sends SKIP at CONNECT: Sendmail turns the filter off", cases[1].GetProperty("found").GetString());
    }

    // Sendmail::PMilter does so, and OpenDKIM and others close where less is offered than they need.
    [Fact]
    public async Task A_harmless_habit_is_told_once_and_what_is_right_is_not_blamed()
    {
        await using var habits = new Scripted(code => code switch
        {
            'O' => [0, 0, 0, 13, (byte)'O', 0, 0, 0, 6, 0, 0, 0, 0, 0, 0, 0, 0],
            'D' or 'A' => [],
            _ => [0, 0, 0, 1, (byte)'c'],
        }, closes: (code, _) => code == 'Q');
        Ran ran = (await Tool.RunAsync("check", habits.EndPoint, "--only", "message", "quit", "unix-client", "--json", "--timeout", "5")).Expect(0);
        Assert.Equal(["passed", "passed", "warned"], Outcomes(ran).Order(StringComparer.Ordinal));
        Assert.Contains("answers QUIT before it closes", ran.Output, StringComparison.Ordinal);

        await using var choosy = new Scripted(
            code => code is 'O' ? [0, 0, 0, 13, (byte)'O', 0, 0, 0, 6, 0, 0, 1, 0xFF, 0, 0, 0, 0] : [],
            closes: (code, payload) => code == 'O' && payload is not [0, 0, 0, 6, 0, 0, 1, 0xFF, ..],
            answersBeforeItCloses: false);
        ran = (await Tool.RunAsync("check", choosy.EndPoint, "--only", "negotiation-2", "negotiation-less", "--json", "--timeout", "5")).Expect(0);
        Assert.Equal(["passed", "passed"], Outcomes(ran));
        Assert.Contains("closes the connection: it needs more", ran.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Once_a_filter_is_gone_no_later_case_is_blamed()
    {
        await using var dying = new Scripted(code => code == 'O' ? [0, 0, 0, 13, (byte)'O', 0, 0, 0, 6, 0, 0, 0, 0, 0, 0, 0, 0] : [], closes: (code, _) => code == 'C', diesWhenItCloses: true);
        Ran ran = (await Tool.RunAsync("check", dying.EndPoint, "--only", "negotiation", "message", "two-messages", "abort", "--json", "--timeout", "5")).Expect(1);
        Assert.Equal(["passed", "failed", "n/a", "n/a"], Outcomes(ran));
        Assert.Contains("not run: it is gone since message", ran.Output, StringComparison.Ordinal);
    }

    private static IEnumerable<string?> Outcomes(Ran ran) =>
        JsonDocument.Parse(ran.Output).RootElement.GetProperty("cases").EnumerateArray().Select(one => one.GetProperty("outcome").GetString());

    [Theory]
    [InlineData("plain")]
    [InlineData("mixed")]
    [InlineData("recipients")]
    [InlineData("aborts")]
    public async Task A_load_is_measured(string workload)
    {
        await using MilterServer server = await MilterServer.StartAsync<Deciding>("inet:0@127.0.0.1");
        Ran ran = (await Tool.RunAsync("bench", server.EndPoint.ToString(), "-n", "200", "-c", "4", "--per-session", "5", "--workload", workload, "--json")).Expect(0);
        JsonElement json = JsonDocument.Parse(ran.Output).RootElement;
        Assert.Equal(200, json.GetProperty("messages").GetInt64());
        Assert.Equal(workload == "aborts" ? 150 : 200, json.GetProperty("verdicts").GetProperty("ACCEPT").GetInt64());
        JsonElement times = json.GetProperty("messageMilliseconds");
        Assert.True(times.GetProperty("p50").GetDouble() <= times.GetProperty("p99").GetDouble());
        Assert.Equal(200, json.GetProperty("histogram").EnumerateArray().Sum(bar => bar.GetProperty("count").GetInt64()));
    }
}

/// <summary>A filter that answers each packet with fixed bytes.</summary>
internal sealed class Scripted : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly Func<char, byte[]> _answer;
    private readonly Func<char, byte[], bool>? _closes;
    private readonly bool _answersBeforeItCloses;
    private readonly bool _diesWhenItCloses;
    private readonly Task _serving;

    public Scripted(Func<char, byte[]> answer, Func<char, byte[], bool>? closes = null, bool answersBeforeItCloses = true, bool diesWhenItCloses = false)
    {
        (_answer, _closes, _answersBeforeItCloses, _diesWhenItCloses) = (answer, closes, answersBeforeItCloses, diesWhenItCloses);
        _listener.Start();
        EndPoint = $"inet:{((IPEndPoint)_listener.LocalEndpoint).Port}@127.0.0.1";
        _serving = ServeAsync();
    }

    public string EndPoint { get; }

    public async ValueTask DisposeAsync()
    {
        _listener.Dispose();
        await _serving.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    private async Task ServeAsync()
    {
        while (true)
        {
            TcpClient mta = await _listener.AcceptTcpClientAsync();
            _ = AnswerAsync(mta);
        }
    }

    private async Task AnswerAsync(TcpClient mta)
    {
        using TcpClient open = mta;
        NetworkStream stream = mta.GetStream();
        byte[] head = new byte[5];
        while (await stream.ReadAtLeastAsync(head, 5, throwOnEndOfStream: false) == 5)
        {
            byte[] payload = new byte[System.Buffers.Binary.BinaryPrimitives.ReadInt32BigEndian(head) - 1];
            await stream.ReadExactlyAsync(payload);
            char code = (char)head[4];
            bool isEnd = _closes?.Invoke(code, payload) ?? false;
            if (isEnd && _diesWhenItCloses)
            {
                _listener.Dispose();
            }

            if (!isEnd || _answersBeforeItCloses)
            {
                await stream.WriteAsync(_answer(code));
            }

            if (isEnd)
            {
                return;
            }
        }
    }
}
