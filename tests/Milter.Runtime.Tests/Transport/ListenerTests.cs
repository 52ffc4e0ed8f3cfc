using System.Diagnostics;
using System.Net.Sockets;
using System.Runtime.InteropServices;
using Milter.Listening;
using Milter.Transport;

namespace Milter.Runtime.Tests.Transport;

public class ListenerTests
{
    [Theory]
    [InlineData("inet:0@localhost", MilterEndPointKind.Inet)]
    [InlineData("inet:0", MilterEndPointKind.Inet)]
    [InlineData("inet:0@127.0.0.1", MilterEndPointKind.Inet)]
    public async Task A_free_port_is_taken_and_told(string text, MilterEndPointKind kind)
    {
        await using MilterServer server = await MilterServer.StartAsync<ScriptedFilter>(text);

        Assert.Equal(kind, server.EndPoint.Kind);
        Assert.NotEqual(0, server.EndPoint.Port);
        Assert.Equal(server.EndPoint, server.Health.EndPoint);
        using Mta mta = await Mta.ConnectAsync(server.EndPoint);
        Assert.Equal("Occc", await mta.SayAsync(Mta.UpToMail, 4));
    }

    [SkippableTheory]
    [InlineData("inet6:0@localhost")]
    [InlineData("inet6:0")]
    public async Task IPv6_works_too(string text)
    {
        Skip.IfNot(Socket.OSSupportsIPv6, "no IPv6 here");
        await using MilterServer server = await MilterServer.StartAsync<ScriptedFilter>(text);

        using Mta mta = await Mta.ConnectAsync(server.EndPoint);
        Assert.Equal("Occc", await mta.SayAsync(Mta.UpToMail, 4));
    }

    [Fact]
    public async Task A_port_in_use_is_not_shared()
    {
        await using MilterServer first = await MilterServer.StartAsync<ScriptedFilter>("inet:0@localhost");
        string taken = first.EndPoint.ToString();

        MilterListenException e = await Assert.ThrowsAsync<MilterListenException>(() => MilterServer.StartAsync<ScriptedFilter>(taken));

        Assert.Equal(
            $"Can't listen on {taken}: port {first.EndPoint.Port} is in use by another process (ss -ltnp shows which), or by another milter of this one. Stop it or choose another port.",
            e.Message);
    }

    [SkippableFact]
    public async Task A_connection_that_is_asked_for_while_the_listener_closes_is_refused_and_not_reset()
    {
        Skip.IfNot(OperatingSystem.IsLinux(), "a matter of Linux");
        MilterListener listener = await MilterListener.OpenAsync(new ListenSettings { EndPoint = MilterEndPoint.Parse("inet:0@127.0.0.1") }, CancellationToken.None);
        var address = new System.Net.IPEndPoint(System.Net.IPAddress.Loopback, listener.EndPoint.Port);
        using var before = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        using var after = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        await before.ConnectAsync(address);

        listener.Hide();
        Task connecting = after.ConnectAsync(address);
        using Socket taken = await listener.AcceptAsync(CancellationToken.None);
        bool isEmpty = !listener.HasWaiting();
        listener.Dispose();

        Assert.True(isEmpty);
        Assert.Equal(before.LocalEndPoint, taken.RemoteEndPoint);
        SocketException e = await Assert.ThrowsAnyAsync<SocketException>(() => connecting);
        Assert.Equal(SocketError.ConnectionRefused, e.SocketErrorCode);
    }

    [Fact]
    public async Task A_port_can_be_had_again_right_after_the_stop()
    {
        MilterServer first = await MilterServer.StartAsync<ScriptedFilter>("inet:0@localhost");
        using Mta mta = await Mta.ConnectAsync(first.EndPoint);
        await mta.SayAsync(Mta.UpToMail, 4);
        await first.DisposeAsync();

        await using MilterServer second = await MilterServer.StartAsync<ScriptedFilter>(first.EndPoint.ToString());
    }

    [Fact]
    public async Task An_address_of_another_machine_is_told()
    {
        MilterListenException e = await Assert.ThrowsAsync<MilterListenException>(() => MilterServer.StartAsync<ScriptedFilter>("inet:0@192.0.2.1"));

        Assert.Contains("192.0.2.1 is no address of this machine", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_unknown_name_is_told()
    {
        MilterListenException e = await Assert.ThrowsAsync<MilterListenException>(() => MilterServer.StartAsync<ScriptedFilter>("inet:0@no-such-host.invalid"));

        Assert.Contains("the name \"no-such-host.invalid\" has no IPv4 address here", e.Message, StringComparison.Ordinal);
    }

    [SkippableFact]
    public async Task An_inherited_socket_tells_its_real_address()
    {
        Skip.If(OperatingSystem.IsWindows(), "descriptors are a thing of Unix");
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        socket.Bind(new System.Net.IPEndPoint(System.Net.IPAddress.Loopback, 0));

        int descriptor = Duplicate((int)socket.Handle);

        await using MilterServer server = await MilterServer.StartAsync<ScriptedFilter>($"fd:{descriptor}");

        Assert.Equal(MilterEndPointKind.Inet, server.EndPoint.Kind);
        using Mta mta = await Mta.ConnectAsync(server.EndPoint);
        Assert.Equal("Occc", await mta.SayAsync(Mta.UpToMail, 4));
    }

    [SkippableFact]
    public async Task An_inherited_socket_is_not_passed_on_to_programs_that_the_filter_starts()
    {
        Skip.IfNot(OperatingSystem.IsLinux(), "what a process has open is seen in /proc");
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        socket.Bind(new System.Net.IPEndPoint(System.Net.IPAddress.Loopback, 0));
        int descriptor = Duplicate((int)socket.Handle);
        Assert.Contains($"{descriptor}", await OpenInAChildAsync());

        await using MilterServer server = await MilterServer.StartAsync<ScriptedFilter>($"fd:{descriptor}");

        Assert.DoesNotContain($"{descriptor}", await OpenInAChildAsync());
    }

    [SkippableFact]
    public async Task What_systemd_hands_over_is_not_passed_on_either()
    {
        Skip.IfNot(File.Exists("/usr/bin/systemd-socket-activate"), "no systemd-socket-activate here");
        using var folder = new TemporaryFolder();
        var start = new ProcessStartInfo(
            "systemd-socket-activate",
            ["--fdname=a:b", "-l", folder.Path + "/a", "-l", folder.Path + "/b", "-E", "DOTNET_ROOT", "-E", "PATH", "dotnet", typeof(Child).Assembly.Location, "children", "systemd:a"]) { RedirectStandardOutput = true };
        using Process process = Process.Start(start)!;
        using Socket client = await ConnectAsync(folder.Path + "/b", process);

        string output = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();

        Assert.Equal("inherited: 2\ninherited: 0\n", output);
    }

    [Fact]
    public async Task A_descriptor_that_is_no_socket_is_told()
    {
        MilterListenException e = await Assert.ThrowsAsync<MilterListenException>(() => MilterServer.StartAsync<ScriptedFilter>("fd:99999"));

        Assert.StartsWith("Can't listen on fd:99999: descriptor 99999 is no socket that can listen", e.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("systemd", "1", null, 3)]
    [InlineData("systemd:b", "3", "a:b:c", 4)]
    [InlineData("systemd:a", "1", "a", 3)]
    public void Systemd_hands_over_descriptors_from_3_on(string endPoint, string count, string? names, int descriptor) =>
        Assert.Equal(descriptor, Find(endPoint, "42", count, names));

    [Theory]
    [InlineData("systemd", "42", null, null, "has handed over no socket (LISTEN_FDS is not set)")]
    [InlineData("systemd", "42", "0", null, "has handed over no socket (LISTEN_FDS is not set)")]
    [InlineData("systemd", "41", "1", null, "were handed over to process 41, and this is 42")]
    [InlineData("systemd", null, "1", null, "process (LISTEN_PID is not set), and this is 42")]
    [InlineData("systemd", "42", "2", "a:b", "has handed over 2 sockets, named a, b. Write systemd:name")]
    [InlineData("systemd", "42", "2", null, "has handed over 2 sockets, without names. Write systemd:name")]
    [InlineData("systemd:c", "42", "2", "a:b", "no socket of that name; it gave 2, named a, b")]
    public void What_systemd_did_not_hand_over_is_told(string endPoint, string? pid, string? count, string? names, string why)
    {
        MilterListenException e = Assert.Throws<MilterListenException>(() => Find(endPoint, pid, count, names));

        Assert.Contains(why, e.Message, StringComparison.Ordinal);
    }

    /// <summary>The descriptors that a program has open which this process starts.</summary>
    private static async Task<string[]> OpenInAChildAsync()
    {
        using Process child = Process.Start(new ProcessStartInfo("ls", ["/proc/self/fd"]) { RedirectStandardOutput = true })!;
        return (await child.StandardOutput.ReadToEndAsync()).Split('\n');
    }

    /// <summary>Connects as soon as the program listens: the file is there before that.</summary>
    private static async Task<Socket> ConnectAsync(string path, Process program)
    {
        while (true)
        {
            var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
            try
            {
                await socket.ConnectAsync(new UnixDomainSocketEndPoint(path));
                return socket;
            }
            catch (SocketException)
            {
                socket.Dispose();
                Assert.False(program.HasExited);
                await Task.Delay(10);
            }
        }
    }

    [DllImport("libc", EntryPoint = "dup")]
    private static extern int Duplicate(int descriptor);

    private static int Find(string endPoint, string? pid, string? count, string? names) =>
        InheritedSocket.Find(MilterEndPoint.Parse(endPoint), name => name switch { "LISTEN_PID" => pid, "LISTEN_FDS" => count, _ => names }, 42);
}
