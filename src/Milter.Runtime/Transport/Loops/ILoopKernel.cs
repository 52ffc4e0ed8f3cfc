namespace Milter.Transport.Loops;

/// <summary>What a loop asks of the kernel: the few calls by which descriptors live and die. One object a loop.</summary>
/// <remarks>Results below zero are errors, as <c>-errno</c>.</remarks>
internal interface ILoopKernel : IDisposable
{
    /// <summary>Has events of a descriptor told, each once until it is used up.</summary>
    /// <param name="descriptor">The descriptor.</param>
    /// <param name="events">Which.</param>
    /// <param name="data">What comes with them.</param>
    int Add(int descriptor, uint events, ulong data);

    /// <summary>Changes what is told of a descriptor.</summary>
    int Change(int descriptor, uint events, ulong data);

    /// <summary>Waits for events.</summary>
    /// <param name="events">Where they are put.</param>
    int Wait(Span<LoopEvent> events);

    /// <summary>Ends a wait, now or the next one: an event comes with no data. Any thread may call it.</summary>
    void Wake();

    int Receive(int descriptor, Span<byte> buffer);

    int Send(int descriptor, ReadOnlySpan<byte> bytes);

    /// <summary>Sends pieces one after another, no more than <see cref="Output.IGatheringSink.MostPieces"/>.</summary>
    int Send(int descriptor, ReadOnlySpan<ReadOnlyMemory<byte>> pieces);

    /// <summary>Takes the next connection of a listening socket, ready for use.</summary>
    /// <param name="listener">The listening socket.</param>
    /// <param name="peer">Who it is; nothing for a peer on a unix socket, of which there is more to ask.</param>
    int Accept(int listener, out PeerAddress? peer);

    /// <summary>Asks whose process is at the other end of a unix socket.</summary>
    Listening.PeerCredentials? AskPeer(int descriptor);

    void AcknowledgeNow(int descriptor);

    /// <summary>Ends reading and writing.</summary>
    void Shutdown(int descriptor);

    /// <summary>Closes a descriptor, which is told of no more. The number may be given out again at once.</summary>
    void Close(int descriptor);
}
