using System.Diagnostics;
using System.Net.Sockets;
using System.Text;

namespace Milter.Policy.Tests;

/// <summary>Debian's Redis, or Valkey, without persistence: what it is killed with is forgotten.</summary>
public sealed class RedisServer : StoreServer
{
    private const int Sigterm = 15;
    private readonly string _program;

    private RedisServer(string program) => _program = program;

    /// <remarks>The time-outs are long, since a machine that tests may be slow; what waits for policies is bounded by their own.</remarks>
    public override string Setting => $"redis:127.0.0.1:{Port},connectTimeout=60000,asyncTimeout=60000,syncTimeout=60000";

    protected override int EndSignal => Sigterm;

    public static async Task<RedisServer> StartNewAsync()
    {
        var server = new RedisServer(Demand("Redis", "/usr/bin/redis-server", "/usr/bin/valkey-server"));
        await server.StartAsync();
        return server;
    }

    protected override Process Launch() => Run(_program, "--port", $"{Port}", "--bind", "127.0.0.1", "--save", "", "--appendonly", "no", "--dir", Folder);

    protected override async Task<bool> IsReadyAsync()
    {
        try
        {
            using var client = new TcpClient();
            await client.ConnectAsync("127.0.0.1", Port);
            await using NetworkStream stream = client.GetStream();
            await stream.WriteAsync("PING\r\n"u8.ToArray());
            byte[] answer = new byte[7];
            await stream.ReadExactlyAsync(answer);
            return Encoding.ASCII.GetString(answer) == "+PONG\r\n";
        }
        catch (Exception e) when (e is SocketException or IOException)
        {
            return false;
        }
    }
}
