using Microsoft.Extensions.Logging;

namespace Milter.Session;

/// <summary>What is told of a message when it has ended, where <see cref="MilterOptions.LogMessages"/> asks for it: a line like a receipt.</summary>
internal sealed class MessageReceipt(SessionSettings settings)
{
    private Verdict _verdict;
    private MilterStages _stage;
    private int _edits;
    private int _waits;
    private long _began;

    /// <summary>A message begins.</summary>
    public void Begin()
    {
        (_verdict, _stage, _edits, _waits) = (default, MilterStages.None, 0, 0);
        _began = settings.Time.GetTimestamp();
    }

    /// <summary>The MTA got its reply to a step.</summary>
    public void Replied(MilterStages stage, Verdict verdict)
    {
        _waits++;
        (_verdict, _stage) = (verdict, stage);
    }

    /// <summary>Edits went out with the verdict.</summary>
    public void Edited(int count) => _edits = count;

    /// <summary>The message has ended.</summary>
    public void End(string connection, string? queueId, MessageOutcome outcome)
    {
        if (!settings.Logger.IsEnabled(LogLevel.Information))
        {
            return;
        }

        string decided = outcome is MessageOutcome.Aborted or MessageOutcome.ConnectionLost || _stage == MilterStages.None ? "" : $", {_verdict} at {_stage}{Methods()}";
        SessionLog.MessageEnded(
            settings.Logger, connection, queueId ?? "-", outcome, decided, _edits, _waits, (long)settings.Time.GetElapsedTime(_began).TotalMilliseconds);
    }

    // The methods that give verdicts at the stage that decided.
    private string Methods()
    {
        string word = _stage.ToString();
        string methods = string.Join(", ", settings.Descriptor.Causes.Where(cause => cause.What.Equals(word, StringComparison.OrdinalIgnoreCase)).Select(cause => cause.Member).Distinct());
        return methods.Length > 0 ? $" ({methods})" : "";
    }
}
