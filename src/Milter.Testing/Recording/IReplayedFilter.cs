namespace Milter.Testing;

/// <summary>A filter that is told a recording again: in process, or over a socket.</summary>
internal interface IReplayedFilter
{
    /// <summary>Tells packets of the MTA.</summary>
    /// <returns>Whether it still listens.</returns>
    ValueTask<bool> TellAsync(ReadOnlyMemory<byte> packets, CancellationToken cancellation);

    /// <summary>Takes what it answers: up to the end of a step, or all that there is.</summary>
    /// <param name="into">Where the packets go.</param>
    /// <param name="cancellation">Gives it up.</param>
    /// <returns>Whether more may come.</returns>
    ValueTask<bool> AnswerAsync(MilterRecording into, CancellationToken cancellation);

    /// <summary>Takes what it answers beyond the last recorded answer.</summary>
    /// <param name="into">Where the packets go.</param>
    /// <param name="hasQuit">Whether the MTA has said QUIT, and the filter is to close.</param>
    /// <param name="cancellation">Gives it up.</param>
    /// <returns>A task that ends when nothing more is to be expected.</returns>
    ValueTask RestAsync(MilterRecording into, bool hasQuit, CancellationToken cancellation);
}
