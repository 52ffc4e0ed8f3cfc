using System.Diagnostics;
using System.Net.Sockets;
using System.Runtime.Versioning;
using Milter.Listening;
using Milter.Transport;

namespace Milter.Runtime.Tests.Transport;

/// <summary>Protects how a unix socket comes to its place: nobody has a hand in it, and two starts do not both get it.</summary>
[SupportedOSPlatform("linux")]
public sealed class SocketFileTests : IDisposable
{
    private readonly TemporaryFolder _temporary = new();
    private readonly string _folder;

    public SocketFileTests() => _folder = Directory.CreateDirectory(Path.Combine(_temporary.Path, "run")).FullName;

    private string SocketPath => Path.Combine(_folder, "test.sock");

    private string Private => Path.Combine(_folder, ".test.sock.start");

    private MilterEndPoint EndPoint => MilterEndPoint.Parse("unix:" + SocketPath);

    public void Dispose() => _temporary.Dispose();

    [Fact]
    public async Task Who_can_write_to_the_folder_can_not_have_another_file_changed()
    {
        string victim = Path.Combine(_temporary.Path, "victim");
        await File.WriteAllTextAsync(victim, "secret");
        File.SetUnixFileMode(victim, UnixFileMode.UserRead | UnixFileMode.UserWrite);
        string before = await StatAsync(victim);
        using var stop = new CancellationTokenSource();
        var attacker = new Thread(() => Attack(victim, stop.Token));
        attacker.Start();

        var outcomes = new List<string>();
        for (int i = 0; i < 300; i++)
        {
            try
            {
                using MilterListener listener = await OpenAsync(Environment.UserName == "root" ? "daemon" : null);
                outcomes.Add("listens");
            }
            catch (MilterListenException e)
            {
                outcomes.Add(e.Message);
            }
        }

        await stop.CancelAsync();
        attacker.Join();
        Assert.Equal(before, await StatAsync(victim));
        Assert.All(outcomes, outcome => Assert.Matches("^(listens|Can't listen on unix:.*)$", outcome));
    }

    [Fact]
    public async Task Of_many_starts_on_a_stale_socket_one_listens_and_the_others_say_why_not()
    {
        for (int round = 0; round < 30; round++)
        {
            LeaveStale();
            using var barrier = new Barrier(6);
            (MilterListener? Listener, string Message)[] starts = await Task.WhenAll(Enumerable.Range(0, 6).Select(_ => Task.Factory.StartNew(() => Start(barrier), TaskCreationOptions.LongRunning)));

            MilterListener one = Assert.Single(starts.Select(start => start.Listener).OfType<MilterListener>());
            using (var client = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified))
            {
                await client.ConnectAsync(new UnixDomainSocketEndPoint(SocketPath));
                using Socket accepted = await one.AcceptAsync(default);
            }

            Assert.All(
                starts.Where(start => start.Listener is null),
                start => Assert.Matches($"^Can't listen on unix:{SocketPath}: (another filter is starting on it at this moment|another process answers on {SocketPath})", start.Message));
            one.Dispose();
            Assert.Empty(Directory.GetFileSystemEntries(_folder));
        }
    }

    [Fact]
    public async Task Of_several_processes_on_a_stale_socket_one_listens_and_the_others_say_why_not()
    {
        LeaveStale();
        Process[] starts = [.. Enumerable.Range(0, 4).Select(_ => Child.Start("listen", EndPoint.ToString()))];
        try
        {
            foreach (Process start in starts)
            {
                Assert.Equal("ready", await start.StandardOutput.ReadLineAsync());
            }

            foreach (Process start in starts)
            {
                start.StandardInput.WriteLine();
            }

            string[] outcomes = await Task.WhenAll(starts.Select(async start => await start.StandardOutput.ReadLineAsync() ?? "(nothing)"));

            Assert.Single(outcomes, "listens");
            Assert.All(outcomes.Where(outcome => outcome != "listens"), outcome => Assert.StartsWith($"Can't listen on {EndPoint}: another ", outcome, StringComparison.Ordinal));
            using Mta mta = await Mta.ConnectAsync(EndPoint);
            Assert.Equal("O", await mta.SayAsync(Mta.UpToMail, 1));
        }
        finally
        {
            foreach (Process start in starts)
            {
                start.StandardInput.Close();
                await start.WaitForExitAsync();
                start.Dispose();
            }
        }
    }

    [Fact]
    public async Task What_a_start_that_died_has_left_is_used_and_taken_away()
    {
        Directory.CreateDirectory(Private, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        LeaveStale(Path.Combine(Private, "test.sock"));

        using MilterListener listener = await OpenAsync();

        Assert.Equal([SocketPath], Directory.GetFileSystemEntries(_folder));
    }

    [Fact]
    public async Task A_folder_that_others_can_enter_is_not_used_to_make_the_socket_in()
    {
        Directory.CreateDirectory(Private);
        File.SetUnixFileMode(Private, (UnixFileMode)0x1FF);

        MilterListenException e = await Assert.ThrowsAsync<MilterListenException>(() => OpenAsync());

        Assert.StartsWith($"Can't listen on {EndPoint}: {Private}, in which the socket is made, is not this user's alone. Remove it", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_link_instead_of_that_folder_is_not_followed()
    {
        string elsewhere = Directory.CreateDirectory(Path.Combine(_temporary.Path, "elsewhere"), UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute).FullName;
        await File.WriteAllTextAsync(Path.Combine(elsewhere, "test.sock"), "precious");
        File.CreateSymbolicLink(Private, elsewhere);

        await Assert.ThrowsAsync<MilterListenException>(() => OpenAsync());

        Assert.Equal("precious", await File.ReadAllTextAsync(Path.Combine(elsewhere, "test.sock")));
    }

    [Fact]
    public async Task A_link_at_the_path_is_left_alone()
    {
        string target = Path.Combine(_temporary.Path, "target");
        await File.WriteAllTextAsync(target, "precious");
        File.CreateSymbolicLink(SocketPath, target);

        MilterListenException e = await Assert.ThrowsAsync<MilterListenException>(() => OpenAsync());

        Assert.Contains("exists and is no socket. It is left alone", e.Message, StringComparison.Ordinal);
        Assert.Equal(target, new FileInfo(SocketPath).LinkTarget);
    }

    [Fact]
    public async Task Who_answers_is_told_with_the_number_of_its_process()
    {
        using MilterListener first = await OpenAsync();

        MilterListenException e = await Assert.ThrowsAsync<MilterListenException>(() => OpenAsync());

        Assert.EndsWith($"another process answers on {SocketPath}. Stop it (ss -lxp shows which: {Environment.ProcessId}), or use another path.", e.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("unix")]
    [InlineData("inet")]
    public async Task A_process_without_descriptors_says_so(string kind)
    {
        using Process starved = Child.Start("starve", kind == "unix" ? EndPoint.ToString() : "inet:0@127.0.0.1");
        string[] outcomes = (await starved.StandardOutput.ReadToEndAsync()).Split('\n', StringSplitOptions.RemoveEmptyEntries);
        await starved.WaitForExitAsync();

        Assert.True(outcomes.Length > 2);
        Assert.Equal("listens", outcomes[^1]);
        Assert.All(outcomes[1..^1], outcome => Assert.Matches("^MilterListenException: Can't listen on .*: this process can open no more files and sockets. Raise its limit", outcome));
        Assert.Empty(Directory.GetFileSystemEntries(_folder));
    }

    private static async Task<string> StatAsync(string path)
    {
        using var stat = Process.Start(new ProcessStartInfo("stat", ["-c", "%u %g %a", path]) { RedirectStandardOutput = true })!;
        return await stat.StandardOutput.ReadToEndAsync();
    }

    private Task<MilterListener> OpenAsync(string? owner = null) =>
        MilterListener.OpenAsync(new ListenSettings { EndPoint = EndPoint, SocketOwner = owner, SocketMode = (UnixFileMode)0x1B6 }, default);

    private (MilterListener? Listener, string Message) Start(Barrier barrier)
    {
        barrier.SignalAndWait();
        try
        {
            return (OpenAsync().GetAwaiter().GetResult(), "");
        }
        catch (MilterListenException e)
        {
            return (null, e.Message);
        }
    }

    private void LeaveStale(string? path = null)
    {
        using var dead = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);

        // Under another name, which disposing of the socket would remove.
        dead.Bind(new UnixDomainSocketEndPoint(_temporary.Path + "/dead"));
        File.Move(_temporary.Path + "/dead", path ?? SocketPath);
    }

    /// <summary>Puts links to the victim in the place of whatever appears, as one may who can write to the folder.</summary>
    private void Attack(string victim, CancellationToken stop)
    {
        string elsewhere = Directory.CreateDirectory(Path.Combine(_temporary.Path, "elsewhere")).FullName;
        var links = new Queue<string>();
        for (int i = 0, idle = 0; !stop.IsCancellationRequested; i++)
        {
            string link = Path.Combine(elsewhere, $"{i}");
            if (!File.Exists(link))
            {
                File.CreateSymbolicLink(link, victim);
            }

            try
            {
                string? entry = Directory.EnumerateFileSystemEntries(_folder).FirstOrDefault(entry => entry != SocketPath && !links.Contains(entry));
                if (entry is null)
                {
                    // Not for ever: the next start is to get further.
                    i--;
                    if (++idle % 20 == 0 && links.TryDequeue(out string? old))
                    {
                        File.Delete(old);
                    }

                    continue;
                }

                if (Directory.Exists(entry))
                {
                    Directory.Move(entry, link + ".taken");
                }

                File.Move(link, entry, overwrite: true);
                links.Enqueue(entry);
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                // It was quicker, or something else is there by now.
            }
        }
    }
}
