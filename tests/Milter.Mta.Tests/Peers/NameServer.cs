using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Milter.Mta.Tests;

/// <summary>Unbound on loopback: a real resolver that knows the records of a test, and nothing else of the world.</summary>
internal sealed class NameServer : IAsyncDisposable
{
    private const string Program = "/usr/sbin/unbound";

    private readonly WorkFolder _folder = WorkFolder.Create("dns");
    private Daemon? _daemon;

    private NameServer()
    {
    }

    /// <summary>The port of 127.0.0.1, for UDP and TCP.</summary>
    public int Port { get; } = LoopbackPort.Take();

    /// <summary>The address as the option <c>Dns:Servers</c> takes it.</summary>
    public string Address => string.Create(CultureInfo.InvariantCulture, $"127.0.0.1:{Port}");

    /// <summary>Starts it; the test is skipped where it is not installed.</summary>
    /// <param name="records">Lines of a zone file, with whole names: <c>example.org. TXT "v=spf1 -all"</c>.</param>
    public static async Task<NameServer> StartAsync(params IEnumerable<string> records)
    {
        ToolRequirement.Demand(Program, "unbound");
        var server = new NameServer();
        await File.WriteAllTextAsync(server._folder["unbound.conf"], server.Configuration(records));
        server._daemon = await Daemon.StartAsync(server._folder["log"], server.Answers, Program, "-d", "-c", server._folder["unbound.conf"]);
        return server;
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        if (_daemon is not null)
        {
            await _daemon.DisposeAsync();
        }

        _folder.Dispose();
    }

    /// <summary>A text as the strings of a TXT record.</summary>
    public static string Text(string text) => string.Join(' ', text.Chunk(255).Select(part => $"\"{new string(part)}\""));

    private string Configuration(IEnumerable<string> records)
    {
        var text = new StringBuilder().Append(CultureInfo.InvariantCulture, $"""
            server:
              interface: 127.0.0.1
              port: {Port}
              access-control: 127.0.0.0/8 allow
              directory: "{_folder.Path}"
              chroot: ""
              username: ""
              pidfile: ""
              logfile: ""
              use-syslog: no
              do-ip6: no
              module-config: "iterator"
              local-zone: "." static
              local-data: '. 60 IN SOA ns.example. host.example. 1 60 60 60 60'

            """);
        foreach (string record in records)
        {
            text.Append(CultureInfo.InvariantCulture, $"  local-data: '{record}'\n");
        }

        return text.ToString();
    }

    private bool Answers()
    {
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        try
        {
            socket.Connect(new IPEndPoint(IPAddress.Loopback, Port));
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }
}
