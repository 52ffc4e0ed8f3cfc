using System.Net.Sockets;
using System.Runtime.Versioning;
using Milter.Listening;
using Milter.Tests;

namespace Milter.Runtime.Tests.Transport;

[SupportedOSPlatform("linux")]
public sealed class UnixSocketTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("milter");

    private string SocketPath => Path.Combine(_folder.FullName, "test.sock");

    public void Dispose() => _folder.Delete(recursive: true);

    [Theory]
    [InlineData("0660")]
    [InlineData("0600")]
    [InlineData("666")]
    public async Task The_socket_has_its_mode_whatever_the_umask(string mode)
    {
        await using MilterServer server = await StartAsync(options => options.SocketMode = mode);

        Assert.Equal((UnixFileMode)Convert.ToInt32(mode, 8), File.GetUnixFileMode(SocketPath));
        Assert.Equal([SocketPath], Directory.GetFileSystemEntries(_folder.FullName));
        using Mta mta = await Mta.ConnectAsync(server.EndPoint);
        Assert.Equal("Occc", await mta.SayAsync(Mta.UpToMail, 4));
    }

    [Fact]
    public async Task The_file_is_gone_after_the_stop()
    {
        MilterServer server = await StartAsync();
        await server.StopAsync();

        Assert.Empty(Directory.GetFileSystemEntries(_folder.FullName));
    }

    [Fact]
    public async Task A_socket_on_which_nobody_answers_is_replaced()
    {
        using (var dead = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified))
        {
            // Under another name, which disposing of the socket would remove.
            dead.Bind(new UnixDomainSocketEndPoint(SocketPath + "x"));
            File.Move(SocketPath + "x", SocketPath);
        }

        Assert.True(File.Exists(SocketPath));
        await using MilterServer server = await StartAsync();
        using Mta mta = await Mta.ConnectAsync(server.EndPoint);
        Assert.Equal("O", await mta.SayAsync(Mta.UpToMail, 1));
    }

    [Fact]
    public async Task A_socket_on_which_somebody_answers_is_left_alone()
    {
        await using MilterServer first = await StartAsync();

        MilterListenException e = await Assert.ThrowsAsync<MilterListenException>(() => StartAsync());

        Assert.StartsWith($"Can't listen on unix:{SocketPath}: another process answers on {SocketPath}.", e.Message, StringComparison.Ordinal);
        using Mta mta = await Mta.ConnectAsync(first.EndPoint);
        Assert.Equal("O", await mta.SayAsync(Mta.UpToMail, 1));
    }

    [Fact]
    public async Task A_file_that_is_no_socket_is_left_alone()
    {
        await File.WriteAllTextAsync(SocketPath, "precious");

        MilterListenException e = await Assert.ThrowsAsync<MilterListenException>(() => StartAsync());

        Assert.Contains("exists and is no socket. It is left alone", e.Message, StringComparison.Ordinal);
        Assert.Equal("precious", await File.ReadAllTextAsync(SocketPath));
    }

    [Fact]
    public async Task Only_our_own_file_is_removed_at_the_stop()
    {
        MilterServer first = await StartAsync();
        File.Delete(SocketPath);
        await using MilterServer second = await StartAsync();

        await first.StopAsync();

        using Mta mta = await Mta.ConnectAsync(second.EndPoint);
        Assert.Equal("O", await mta.SayAsync(Mta.UpToMail, 1));
    }

    // A folder below /run is removed with all that is in it, a cleaner of /tmp comes by: the socket is open, and nobody finds it.
    [Theory]
    [InlineData(MilterTransport.Automatic)]
    [InlineData(MilterTransport.Sockets)]
    public async Task A_socket_whose_folder_is_taken_away_is_made_again_when_the_folder_is_there(MilterTransport transport)
    {
        using var services = new TestServices { Time = new ManualTime() };
        string folder = Path.Combine(_folder.FullName, "run"), path = Path.Combine(folder, "test.sock");
        Directory.CreateDirectory(folder);
        MilterServer server = await MilterServer.StartAsync("unix:" + path, () => new ScriptedFilter(), options => (options.Transport, options.SocketMode) = (transport, "0600"), services);
        using Mta before = await Mta.ConnectAsync(server.EndPoint);
        Assert.Equal("Occc", await before.SayAsync(Mta.UpToMail, 4));

        Directory.Delete(folder, recursive: true);
        Look();
        Look();
        Assert.Single(services.Log, line => line.StartsWith("Error 122 Scripted: the file of its socket was taken away", StringComparison.Ordinal) && line.Contains(folder, StringComparison.Ordinal));
        Assert.False(server.Health.IsHealthy);

        Directory.CreateDirectory(folder);
        Look();
        Assert.True(server.Health.IsHealthy);
        Assert.Equal([path], Directory.GetFileSystemEntries(folder));
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(path));
        using (Mta after = await Mta.ConnectAsync(server.EndPoint))
        {
            Assert.Equal("Occc", await after.SayAsync(Mta.UpToMail, 4));
        }

        // Whoever was connected goes on, and the second loss is told like the first.
        Assert.Equal("ccccccc", await before.SayAsync([.. Mta.Rcpt, .. Mta.Content, .. Mta.Unknown], 7));
        File.Delete(path);
        Look();
        Assert.True(File.Exists(path));
        await server.StopAsync(new CancellationToken(canceled: true));
        Assert.Empty(Directory.GetFileSystemEntries(folder));

        void Look() => Pass(services.Time!);
    }

    [Fact]
    public async Task What_another_has_put_in_the_place_of_a_socket_is_left_alone()
    {
        using var services = new TestServices { Time = new ManualTime() };
        await using MilterServer server = await MilterServer.StartAsync("unix:" + SocketPath, () => new ScriptedFilter(), null, services);
        File.Delete(SocketPath);
        await File.WriteAllTextAsync(SocketPath, "precious");

        Pass(services.Time!);

        Assert.Equal("precious", await File.ReadAllTextAsync(SocketPath));
    }

    [Theory]
    [InlineData("missing/test.sock", "does not exist. Create it, or let systemd do it with RuntimeDirectory=.")]
    [InlineData("", "is a folder. Add the name of the socket.")]
    public async Task A_path_that_can_not_be_used_gets_one_clear_message(string name, string why)
    {
        MilterListenException e = await Assert.ThrowsAsync<MilterListenException>(() => StartAsync(null, Path.Combine(_folder.FullName, name)));

        Assert.EndsWith(why, e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_longest_path_works_and_one_byte_more_is_refused()
    {
        string longest = _folder.FullName + "/" + new string('s', 107 - _folder.FullName.Length - 1);
        await using (MilterServer server = await StartAsync(null, longest))
        {
            Assert.True(File.Exists(longest));
        }

        string deep = Path.Combine(_folder.FullName, new string('d', 107 - _folder.FullName.Length - 3));
        Directory.CreateDirectory(deep);
        await using (MilterServer server = await StartAsync(null, deep + "/s"))
        {
            Assert.True(File.Exists(deep + "/s"));
        }

        MilterListenException e = await Assert.ThrowsAsync<MilterListenException>(() => StartAsync(null, longest + "s"));
        Assert.Contains("the path has 108 bytes, and a unix socket's has 107 at most", e.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("no-such-user-here", null, "there is no user \"no-such-user-here\" on this machine. Mend SocketOwner")]
    [InlineData(null, "no-such-group-here", "there is no group \"no-such-group-here\" on this machine. Mend SocketGroup")]
    public async Task An_unknown_owner_is_told_by_name(string? owner, string? group, string why)
    {
        MilterListenException e = await Assert.ThrowsAsync<MilterListenException>(() => StartAsync(options =>
        {
            options.SocketOwner = owner;
            options.SocketGroup = group;
        }));

        Assert.Contains(why, e.Message, StringComparison.Ordinal);
        Assert.Empty(Directory.GetFileSystemEntries(_folder.FullName));
    }

    [SkippableFact]
    public async Task Owner_and_group_are_set_by_name_or_number()
    {
        Skip.IfNot(Environment.UserName == "root", "only root may give files away");
        await using MilterServer server = await StartAsync(options =>
        {
            options.SocketOwner = "daemon";
            options.SocketGroup = "12345";
        });

        using var stat = System.Diagnostics.Process.Start(new System.Diagnostics.ProcessStartInfo("stat", ["-c", "%U %g %a", SocketPath]) { RedirectStandardOutput = true })!;
        Assert.Equal("daemon 12345 660\n", await stat.StandardOutput.ReadToEndAsync());
    }

    // Twice, since a loop that wakes at this very moment sets the clock's timer anew.
    private static void Pass(ManualTime time)
    {
        time.Advance(TimeSpan.FromSeconds(15));
        time.Advance(TimeSpan.FromSeconds(15));
    }

    private Task<MilterServer> StartAsync(Action<MilterOptions>? configure = null, string? path = null) =>
        MilterServer.StartAsync<ScriptedFilter>("unix:" + (path ?? SocketPath), configure);
}
