using Milter.Protocol;

namespace Milter.Client;

/// <content>When messages and sessions begin and end.</content>
public sealed partial class MilterConnection
{
    private void BeginMessage(MailTransaction message)
    {
        _message = message;
        _phase = Phase.Message;
        _messageEnd = null;
        _skippedKind = null;
        _skipsBody = false;
        _isOpen = true;
        _isAfterMessage = false;
        _firstRecipient = null;
        _recipientsBefore = 0;
        _steps.Clear();
    }

    private void EndMessage(AbortReason reason)
    {
        bool isOpen = _isOpen && (reason != AbortReason.Verdict || _messageEnd is not null);
        bool aborts = _mta.SendsAbort(reason, isOpen, Agreement, _session!.Origin);
        if (_sessionEnd is null && aborts)
        {
            CommandWriter.Abort(_channel.Output);
        }

        _phase = Phase.Session;
        _message = null;

        // A filter that was told nothing of the end is still in the message.
        _isAfterMessage = aborts || !isOpen;
        _messageEnd = null;
        _isOpen = false;
        _endedByContinue = false;
    }

    private void ForgetSession()
    {
        _phase = Phase.Idle;
        _session = null;
        _sessionEnd = null;
        _hasHelo = false;
        _isAfterMessage = false;
        _endedByContinue = false;
        _complaints.Clear();
    }
}
