using Milter.Output;

namespace Milter.Transport.Wire;

/// <summary>What carries a connection's bytes, without waiting. It says by the connection's <see cref="Connection.Signal"/> when there is more to read, when more can be written, and when the peer has left.</summary>
/// <remarks>Reading, writing and <see cref="Close"/> are for whoever owns the connection (writing also for who holds its turn); the rest may be called by anybody at any time.</remarks>
internal interface IWire : IByteSink
{
    /// <summary>Begins to signal.</summary>
    /// <param name="connection">Who gets the signals; the first may come before this returns.</param>
    void Start(Connection connection);

    /// <summary>Reads what there is.</summary>
    /// <param name="buffer">Where to; not empty.</param>
    /// <param name="isDrained">Whether nothing more is there: what comes later is signalled.</param>
    /// <returns>How many bytes; 0 at the end of the stream, <see cref="Nothing"/> or <see cref="Reset"/>.</returns>
    int TryRead(Span<byte> buffer, out bool isDrained);

    /// <summary>Has <see cref="Connection.Run"/> called by a thread that may run handlers. The connection is owned by that call.</summary>
    /// <param name="connection">The connection.</param>
    void Schedule(Connection connection);

    /// <summary>What was read gets no answer now: the peer should not wait for its acknowledgement.</summary>
    void Acknowledge();

    /// <summary>Ends reading and writing, as if the peer had left.</summary>
    void Cut();

    /// <summary>Closes what carries the bytes. Called once.</summary>
    void Close();

    /// <summary>There is nothing to read now.</summary>
    const int Nothing = -1;

    /// <summary>The peer has reset the connection, or is unreachable.</summary>
    const int Reset = -2;
}
