using System.Buffers.Binary;
using System.Net.Sockets;
using System.Text;

namespace Milter.Mta.Tests;

/// <summary>clamd's side of INSTREAM (clamd(8)), with one virus.</summary>
internal sealed class ScriptedClamd : IAsyncDisposable
{
    /// <summary>What it takes for a virus.</summary>
    public const string Virus = "THIS-IS-A-VIRUS";

    private readonly Socket _listener = new(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
    private readonly CancellationTokenSource _stop = new();
    private readonly List<byte[]> _scanned = [];
    private readonly Task _serving;

    /// <summary>Starts it.</summary>
    public ScriptedClamd(string path)
    {
        Path = path;
        _listener.Bind(new UnixDomainSocketEndPoint(path));
        _listener.Listen();
        _serving = ServeAsync();
    }

    /// <summary>Its socket.</summary>
    public string Path { get; }

    /// <summary>What it was given.</summary>
    public IReadOnlyList<byte[]> Scanned => _scanned;

    /// <summary>Ends it; its socket is gone then.</summary>
    public async Task StopAsync()
    {
        await _stop.CancelAsync();
        await _serving.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _listener.Dispose();
        File.Delete(Path);
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        _stop.Dispose();
    }

    private async Task ServeAsync()
    {
        while (true)
        {
            using Socket peer = await _listener.AcceptAsync(_stop.Token);
            await using var stream = new NetworkStream(peer);
            await stream.ReadExactlyAsync(new byte["zINSTREAM\0".Length], _stop.Token);
            var content = new MemoryStream();
            byte[] length = new byte[sizeof(int)];
            for (;;)
            {
                await stream.ReadExactlyAsync(length, _stop.Token);
                if (BinaryPrimitives.ReadInt32BigEndian(length) is not (> 0 and var count))
                {
                    break;
                }

                byte[] chunk = new byte[count];
                await stream.ReadExactlyAsync(chunk, _stop.Token);
                content.Write(chunk);
            }

            _scanned.Add(content.ToArray());
            bool isInfected = Encoding.Latin1.GetString(content.ToArray()).Contains(Virus, StringComparison.Ordinal);
            await stream.WriteAsync(isInfected ? "stream: Test.Virus FOUND\0"u8.ToArray() : "stream: OK\0"u8.ToArray(), _stop.Token);
        }
    }
}
