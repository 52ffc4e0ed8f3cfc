using System.Buffers;
using Milter.Transport;
using Milter.Transport.Wire;

namespace Milter.Testing;

/// <summary>A wire within the process, for tests of filters and of ourselves: whoever plays the MTA puts bytes in and is given what comes out.</summary>
/// <param name="answer">Takes what the connection writes, as far as it likes; called by whoever writes.</param>
/// <param name="schedule">Brings somebody who acts for the connection; by default that is the caller.</param>
internal sealed class MemoryWire(Func<ReadOnlyMemory<byte>, int> answer, Action<Connection>? schedule = null) : IWire
{
    private readonly object _gate = new();
    private readonly ArrayBufferWriter<byte> _input = new();
    private Connection? _connection;
    private int _read;
    private bool _isShut;

    /// <summary>Gets a value indicating whether the connection has closed it.</summary>
    public bool IsClosed { get; private set; }

    public void Start(Connection connection) => _connection = connection;

    /// <summary>The MTA sends.</summary>
    public void Send(ReadOnlySpan<byte> bytes)
    {
        lock (_gate)
        {
            _input.Write(bytes);
        }

        _connection!.Signal(Signals.Read);
    }

    /// <summary>The MTA takes bytes again.</summary>
    public void TakeMore() => _connection!.Signal(Signals.Write);

    /// <summary>The MTA shuts its writing side.</summary>
    public void Shut()
    {
        lock (_gate)
        {
            _isShut = true;
        }

        _connection!.Signal(Signals.HangUp);
    }

    public int TryRead(Span<byte> buffer, out bool isDrained)
    {
        lock (_gate)
        {
            int count = Math.Min(buffer.Length, _input.WrittenCount - _read);
            _input.WrittenSpan.Slice(_read, count).CopyTo(buffer);
            _read += count;
            bool isEmpty = _read == _input.WrittenCount;
            if (isEmpty)
            {
                _input.ResetWrittenCount();
                _read = 0;
            }

            isDrained = isEmpty && !_isShut;
            return count > 0 ? count : _isShut ? 0 : IWire.Nothing;
        }
    }

    public int TryWrite(ReadOnlySpan<byte> bytes) => IsClosed ? bytes.Length : answer(bytes.ToArray());

    public void Schedule(Connection connection)
    {
        if (schedule is not null)
        {
            schedule(connection);
            return;
        }

        ((IThreadPoolWorkItem)connection).Execute();
    }

    public void Acknowledge()
    {
        // Nobody waits for that here.
    }

    public void Cut() => Shut();

    public void Close() => IsClosed = true;
}
