using Milter.Message;
using Milter.Protocol;

namespace Milter;

/// <summary>Holds a message: Postfix's hold queue, Sendmail's quarantine. A parameter at EOM (<c>SMFIF_QUARANTINE</c>, <c>smfi_quarantine</c>).</summary>
/// <remarks>Sent with the verdicts Continue and Accept only; with another one it is left out and logged, since there is nothing to hold.</remarks>
public sealed class Quarantine
{
    private readonly PlanScope _scope;
    private byte[]? _reason;

    internal Quarantine(PlanScope scope) => _scope = scope;

    internal bool IsHeld => _reason is not null;

    /// <summary>Holds the message. Of several calls the last counts.</summary>
    /// <param name="reason">Why, on one line. Sendmail keeps it with the message; Postfix does no more than log its first 100 bytes, and 3.7 not even that.</param>
    /// <exception cref="ArgumentException">The reason is empty, longer than 998 bytes or has control characters.</exception>
    /// <exception cref="InvalidOperationException">The message is over, or holding was not agreed.</exception>
    public void Hold(string reason)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(reason);
        byte[] bytes = WireText.GetBytes(reason);
        if (bytes.Length > 998 || bytes.AsSpan().IndexOfAnyInRange((byte)0, (byte)31) >= 0)
        {
            throw new ArgumentException("The reason is one line of at most 998 bytes without control characters.", nameof(reason));
        }

        if (_scope.Allows(MilterActions.Quarantine))
        {
            _reason = bytes;
        }
    }

    internal void WriteTo(FrameBuffer output, ref EditTally tally)
    {
        if (_reason is not null)
        {
            ReplyWriter.Quarantine(output, _reason);
            tally.Add(EditKind.Quarantine, _reason);
        }
    }

    internal void Reset() => _reason = null;
}
