using System.Net.Sockets;

namespace Milter.Transport;

/// <summary>Writes to a connection in the order of the calls, each of which is made under the connection's write gate.</summary>
/// <remarks>A write that the kernel takes at once allocates nothing and completes within the call. What it does not take is sent as soon as it does.</remarks>
internal sealed class OutputWriter(Socket socket)
{
    private Task? _sending;

    /// <summary>Gets a value indicating whether the peer takes no more; what is written then is dropped.</summary>
    public bool HasFailed { get; private set; }

    /// <summary>Gets what is still under way, or <see langword="null"/>.</summary>
    public Task? Sending => _sending is { IsCompleted: false } ? _sending : null;

    /// <summary>Writes bytes that stay as they are until <see cref="Sending"/> is over.</summary>
    public void Write(ReadOnlyMemory<byte> bytes)
    {
        if (HasFailed || bytes.IsEmpty)
        {
            return;
        }

        if (Sending is { } sending)
        {
            _sending = SendAfterAsync(sending, bytes);
            return;
        }

        Task rest = SendAsync(bytes).AsTask();
        _sending = rest.IsCompleted ? null : rest;
    }

    /// <summary>Writes bytes that are the caller's again on return.</summary>
    public void WriteCopy(ReadOnlySpan<byte> bytes)
    {
        if (HasFailed)
        {
            return;
        }

        Write(bytes.ToArray());
    }

    private async Task SendAfterAsync(Task sending, ReadOnlyMemory<byte> bytes)
    {
        await sending.ConfigureAwait(false);
        await SendAsync(bytes).ConfigureAwait(false);
    }

    // Completes synchronously, and so without an allocation, when the kernel has room.
    private async ValueTask SendAsync(ReadOnlyMemory<byte> bytes)
    {
        try
        {
            while (!bytes.IsEmpty)
            {
                bytes = bytes[await socket.SendAsync(bytes, SocketFlags.None).ConfigureAwait(false)..];
            }
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            HasFailed = true;
        }
    }
}
