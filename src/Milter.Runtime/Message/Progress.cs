using Milter.Message;

namespace Milter;

/// <summary>Tells the MTA that the filter is still working, so that its timeout starts anew. A parameter at EOM (<c>smfi_progress</c>).</summary>
/// <remarks>
/// The engine reports by itself while a handler of EOM runs, every 3 seconds by default; this is for handlers that want it at other times. It does not lengthen the
/// handler's budget, nor Sendmail's total time for end of message (<c>T=E:</c>).
/// </remarks>
public sealed class Progress
{
    private readonly PlanScope _scope;

    internal Progress(PlanScope scope) => _scope = scope;

    private static ReadOnlySpan<byte> Frame => [0, 0, 0, 1, (byte)'p'];

    /// <summary>Sends one notice at once.</summary>
    /// <exception cref="InvalidOperationException">The message is over.</exception>
    public void Report()
    {
        _scope.ThrowIfLate();
        _scope.Sink.Send(Frame);
    }
}
