using System.Buffers.Binary;
using System.Net.Sockets;

namespace Milter.Mta.Tests;

/// <summary>Stands between a mail server and a filter, and makes the server offer less than it does.</summary>
/// <remarks>Both servers offer every action at any version: this is how an MTA looks that does not.</remarks>
internal sealed class OfferProxy : IAsyncDisposable
{
    private const int OfferLength = 17, ActionsAt = 9;

    private readonly Socket _listener = new(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
    private readonly CancellationTokenSource _stop = new();
    private readonly string _target;
    private readonly uint _actions;
    private readonly Task _accepting;

    /// <summary>Listens at <paramref name="path"/> and goes on to <paramref name="target"/>; of the actions only these are offered.</summary>
    public OfferProxy(string path, string target, uint actions)
    {
        (_target, _actions) = (target, actions);
        _listener.Bind(new UnixDomainSocketEndPoint(path));
        _listener.Listen();
        File.SetUnixFileMode(path, (UnixFileMode)0b110_110_110);
        _accepting = AcceptAsync();
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        _listener.Dispose();
        await _accepting;
        _stop.Dispose();
    }

    private async Task AcceptAsync()
    {
        var sessions = new List<Task>();
        try
        {
            while (true)
            {
                sessions.Add(ServeAsync(await _listener.AcceptAsync(_stop.Token)));
            }
        }
        catch (OperationCanceledException)
        {
            await Task.WhenAll(sessions);
        }
    }

    private async Task ServeAsync(Socket server)
    {
        using var filter = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        try
        {
            using (server)
            {
                await filter.ConnectAsync(new UnixDomainSocketEndPoint(_target), _stop.Token);
                await using var up = new NetworkStream(server);
                await using var down = new NetworkStream(filter);
                byte[] offer = new byte[OfferLength];
                await up.ReadExactlyAsync(offer, _stop.Token);
                uint actions = BinaryPrimitives.ReadUInt32BigEndian(offer.AsSpan(ActionsAt));
                BinaryPrimitives.WriteUInt32BigEndian(offer.AsSpan(ActionsAt), actions & _actions);
                await down.WriteAsync(offer, _stop.Token);
                await Task.WhenAny(up.CopyToAsync(down, _stop.Token), down.CopyToAsync(up, _stop.Token));
            }
        }
        catch (Exception e) when (e is IOException or OperationCanceledException or SocketException)
        {
            // One of them left.
        }
    }
}
