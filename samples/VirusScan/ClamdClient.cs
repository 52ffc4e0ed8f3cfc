using System.Buffers.Binary;
using System.Net.Sockets;
using System.Text;

namespace Samples.VirusScan;

/// <summary>What clamd says of a message.</summary>
/// <param name="Virus">The virus, or <see langword="null"/>.</param>
/// <param name="Failure">Why it was not scanned, or <see langword="null"/> where it was.</param>
internal readonly record struct ScanResult(string? Virus, string? Failure);

/// <summary>Asks clamd by its command <c>INSTREAM</c> (clamd(8)): chunks with their length before them, an empty one at the end, one line as answer.</summary>
internal sealed class ClamdClient(VirusScanOptions options, TimeProvider clock)
{
    private const int ChunkSize = 64 * 1024;
    private const int MaxAnswer = 4096;

    public async Task<ScanResult> ScanAsync(Stream message, CancellationToken cancellationToken)
    {
        using var timer = new CancellationTokenSource(options.Timeout, clock);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(timer.Token, cancellationToken);
        try
        {
            using var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
            await socket.ConnectAsync(new UnixDomainSocketEndPoint(options.Socket), either.Token);
            await using var stream = new NetworkStream(socket);
            try
            {
                await SendAsync(stream, message, either.Token);
            }
            catch (IOException)
            {
                // clamd answers and hangs up in the middle of what is too large for it.
            }

            return Read(await AnswerAsync(stream, either.Token));
        }
        catch (Exception exception) when (exception is SocketException or IOException)
        {
            return new ScanResult(null, $"clamd at {options.Socket} can't be asked: {exception.Message}");
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return new ScanResult(null, $"clamd took more than {options.Timeout}");
        }
    }

    private static async Task SendAsync(NetworkStream stream, Stream message, CancellationToken cancellationToken)
    {
        byte[] chunk = new byte[sizeof(int) + ChunkSize];
        await stream.WriteAsync("zINSTREAM\0"u8.ToArray(), cancellationToken);
        int count;
        do
        {
            count = await message.ReadAsync(chunk.AsMemory(sizeof(int)), cancellationToken);
            BinaryPrimitives.WriteInt32BigEndian(chunk, count);
            await stream.WriteAsync(chunk.AsMemory(0, sizeof(int) + count), cancellationToken);
        }
        while (count > 0);
    }

    private static async Task<string> AnswerAsync(NetworkStream stream, CancellationToken cancellationToken)
    {
        byte[] answer = new byte[MaxAnswer];
        int length = 0;
        while (length < answer.Length && await stream.ReadAsync(answer.AsMemory(length), cancellationToken) is > 0 and var count)
        {
            length += count;
            if (answer.AsSpan(0, length).Contains((byte)0))
            {
                break;
            }
        }

        return Encoding.UTF8.GetString(answer, 0, length).TrimEnd('\0', '\n');
    }

    // "stream: OK", "stream: NAME FOUND", "REASON ERROR".
    private static ScanResult Read(string answer)
    {
        string text = answer.StartsWith("stream: ", StringComparison.Ordinal) ? answer["stream: ".Length..] : answer;
        return text == "OK" ? new ScanResult(null, null)
            : text.EndsWith(" FOUND", StringComparison.Ordinal) ? new ScanResult(text[..^" FOUND".Length], null)
            : new ScanResult(null, text.Length == 0 ? "clamd hung up without an answer" : "clamd says " + text);
    }
}
