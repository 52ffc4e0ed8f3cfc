using Milter.Protocol;

namespace Milter.Client;

/// <summary>Frames to a filter and from it, over any stream, with timeouts.</summary>
internal sealed class FilterChannel(Stream stream, MilterClientOptions options) : IAsyncDisposable
{
    // Steps whose reply is waived gather here until a reply is needed; large bodies must not.
    private const int GatheredBytes = 128 * 1024;

    private byte[] _input = new byte[4096];
    private int _start;
    private int _end;
    private int _traced;

    /// <summary>What is sent with the next flush: like Postfix, one write for all up to the next reply.</summary>
    public FrameBuffer Output { get; } = new();

    /// <summary>Gets a value indicating whether so much is gathered that it should be sent.</summary>
    public bool IsFull => Output.Length >= GatheredBytes;

    /// <summary>Gets a value indicating whether bytes of the filter are there that nobody has asked for.</summary>
    public bool HasUnread => _end > _start;

    public byte[] Unread => _input[_start.._end];

    public async ValueTask FlushAsync(MilterCommand step, TimeSpan patience, CancellationToken cancellation)
    {
        if (Output.Length == 0)
        {
            return;
        }

        Trace();
        await WithinAsync(step, patience, "take what was sent", async token =>
        {
            await stream.WriteAsync(Output.WrittenMemory, token).ConfigureAwait(false);
            await stream.FlushAsync(token).ConfigureAwait(false);
            return 0;
        }, cancellation).ConfigureAwait(false);
        Output.Clear();
        Output.Trim(GatheredBytes);
        _traced = 0;
    }

    /// <summary>Waits for one frame. Every packet that comes starts the clock anew.</summary>
    public async ValueTask<FilterPacket> ReadAsync(MilterCommand step, TimeSpan patience, CancellationToken cancellation)
    {
        while (true)
        {
            if (TryTake(step, out FilterPacket packet))
            {
                options.Trace?.Invoke(fromFilter: true, (byte)packet.Reply, packet.Payload.Span);
                return packet;
            }

            MakeRoom();
            int count = await WithinAsync(
                step, patience, "answer", token => stream.ReadAsync(_input.AsMemory(_end), token), cancellation).ConfigureAwait(false);
            _end += count > 0 ? count : throw new MilterClientException(MilterClientError.Closed, step, $"The filter closed the connection instead of answering {StepTable.NameOf(step)}.");
        }
    }

    public async ValueTask DisposeAsync()
    {
        await stream.DisposeAsync().ConfigureAwait(false);
        Output.Dispose();
    }

    private bool TryTake(MilterCommand step, out FilterPacket packet)
    {
        packet = default;
        FrameStatus status = FrameReader.TryRead(_input.AsSpan(_start, _end - _start), options.MaxFramePayload, out Frame frame, out int length);
        switch (status)
        {
            case FrameStatus.Incomplete:
                return false;
            case FrameStatus.Complete:
                packet = new FilterPacket(frame.Reply, frame.Payload.ToArray());
                _start += length;
                return true;
            default:
                string what = status == FrameStatus.Empty ? "a frame of length 0" : $"a frame of more than {options.MaxFramePayload} bytes";
                throw new MilterClientException(MilterClientError.Protocol, step, $"The filter answered {StepTable.NameOf(step)} with {what}; no milter does that. Is this the filter's port?", received: Unread);
        }
    }

    private void MakeRoom()
    {
        if (_start == _end)
        {
            _start = _end = 0;
        }

        if (_end < _input.Length)
        {
            return;
        }

        byte[] roomier = _start > 0 ? _input : new byte[2 * _input.Length];
        _input.AsSpan(_start, _end - _start).CopyTo(roomier);
        (_input, _end, _start) = (roomier, _end - _start, 0);
    }

    private async ValueTask<T> WithinAsync<T>(MilterCommand step, TimeSpan patience, string what, Func<CancellationToken, ValueTask<T>> act, CancellationToken cancellation)
    {
        using var timeout = new CancellationTokenSource(patience, options.TimeProvider);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(timeout.Token, cancellation);
        try
        {
            return await act(either.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException exception) when (!cancellation.IsCancellationRequested)
        {
            throw new MilterClientException(MilterClientError.Timeout, step, $"The filter did not {what} at {StepTable.NameOf(step)} within {patience.TotalSeconds:0.###} s.", exception);
        }
        catch (IOException exception) when (exception is not MilterClientException)
        {
            throw new MilterClientException(MilterClientError.Closed, step, $"The connection to the filter was lost at {StepTable.NameOf(step)}: {exception.Message}", exception);
        }
    }

    private void Trace()
    {
        if (options.Trace is null)
        {
            return;
        }

        ReadOnlySpan<byte> rest = Output.WrittenSpan[_traced..];
        while (FrameReader.TryRead(rest, int.MaxValue / 2, out Frame frame, out int length) == FrameStatus.Complete)
        {
            options.Trace(fromFilter: false, frame.Code, frame.Payload);
            rest = rest[length..];
        }

        _traced = Output.Length;
    }
}

/// <summary>A frame of the filter.</summary>
/// <param name="Reply">Its code.</param>
/// <param name="Payload">What is in it.</param>
internal readonly record struct FilterPacket(MilterReply Reply, ReadOnlyMemory<byte> Payload)
{
    public byte[] ToBytes() => [(byte)Reply, .. Payload.Span];
}
