using System.Buffers;
using System.Net.Sockets;
using System.Runtime.InteropServices;
using Milter.Transport;

namespace Milter.Runtime.Tests.Transport;

public sealed class InputBufferTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly Socket _peer = New();
    private readonly Socket _socket;

    public InputBufferTests()
    {
        using Socket listener = New();
        var endPoint = new UnixDomainSocketEndPoint($"{_folder.Path}/s");
        listener.Bind(endPoint);
        listener.Listen();
        _peer.Connect(endPoint);
        _socket = listener.Accept();
    }

    public void Dispose()
    {
        _socket.Dispose();
        _peer.Dispose();
        _folder.Dispose();
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task What_a_suspended_handler_looks_at_is_not_given_away(bool afterTakeOver)
    {
        var buffer = new InputBuffer(_socket);
        await ReadAsync(buffer, 100);
        Task<int> ahead = buffer.ReadAhead()!;
        if (afterTakeOver)
        {
            buffer = buffer.TakeOver(used: 50);
        }

        ReadOnlyMemory<byte> seen = buffer.Unread;
        byte[] copy = seen.ToArray();
        buffer.Consume(seen.Length);
        for (int i = 0; i < 20; i++)
        {
            _peer.Send(Bytes(5000));
            while (ahead is { } read)
            {
                int count = await read.WaitAsync(TimeSpan.FromSeconds(30));
                buffer.Commit(count, out _);
                if (_socket.Available == 0)
                {
                    break;
                }

                if (buffer.ReadAhead() is not { } next)
                {
                    break;
                }

                ahead = next;
            }

            if (buffer.ReadAhead() is not { } pending)
            {
                break;
            }

            ahead = pending;
        }

        Assert.True(buffer.Unread.Length >= 2 * 5000);
        MemoryMarshal.TryGetArray(seen, out ArraySegment<byte> array);
        byte[][] rented = [.. Enumerable.Range(0, 50).Select(_ => ArrayPool<byte>.Shared.Rent(array.Array!.Length))];
        Assert.DoesNotContain(rented, other => ReferenceEquals(other, array.Array));
        Assert.Equal(copy, seen.ToArray());
        Assert.True(buffer.Unread.Span[..5000].SequenceEqual(Bytes(5000)));
    }

    [Fact]
    public async Task At_rest_it_holds_little_again_after_a_large_frame()
    {
        var buffer = new InputBuffer(_socket);
        await ReadAsync(buffer, InputBuffer.Large);
        buffer.Consume(buffer.Unread.Length);
        await ReadAsync(buffer, 10);
        buffer.Consume(10);
        await ReadAsync(buffer, 10);

        MemoryMarshal.TryGetArray(buffer.Unread, out ArraySegment<byte> array);
        Assert.Equal(InputBuffer.Small, array.Array!.Length);
    }

    private static Socket New() => new(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);

    private static byte[] Bytes(int count) => [.. Enumerable.Range(0, count).Select(i => (byte)i)];

    private async Task ReadAsync(InputBuffer buffer, int count)
    {
        Task sending = _peer.SendAsync(Bytes(count));
        for (int wanted = buffer.Unread.Length + count; buffer.Unread.Length < wanted;)
        {
            buffer.Commit(await buffer.ReadAsync(), out _);
        }

        await sending;
    }
}
