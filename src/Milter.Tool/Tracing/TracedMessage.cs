using Milter.Client;
using Milter.Protocol;
using Milter.Testing;

namespace Milter.Tool;

/// <summary>Puts the message of a conversation together from its packets, and what the filter makes of it, as Postfix does it.</summary>
internal sealed class TracedMessage
{
    // A body that is compared is held twice; of a larger one the header is shown alone.
    private const int MostBody = 1 << 20;

    private readonly List<MilterModification> _modifications = [];
    private readonly List<byte> _body = [];
    private MailTransaction _message = new();
    private MailPath? _recipient;
    private bool _keepsSpace;

    /// <summary>A packet goes by.</summary>
    /// <returns>What the filter has changed, where the message ends with this packet; nothing where it changed nothing.</returns>
    public IReadOnlyList<string>? See(RecordedFrame frame)
    {
        if (!frame.FromFilter)
        {
            Told((MilterCommand)frame.Code, frame.Bytes());
            return null;
        }

        var reply = (MilterReply)frame.Code;
        if (ModificationReader.IsModification(reply) && ModificationReader.Read(new FilterPacket(reply, frame.Bytes()), _keepsSpace, out _) is { } modification)
        {
            _modifications.Add(modification);
        }
        else if (reply is MilterReply.Accept or MilterReply.Continue && _modifications.Count > 0)
        {
            return End();
        }
        else if (reply == MilterReply.OptNeg && OptNegPayload.TryRead(frame.Payload.Span, out OptNegPayload answer, out _))
        {
            _keepsSpace = (answer.Steps & ProtocolSteps.HeaderLeadingSpace) != 0;
        }
        else if (reply is MilterReply.Reject or MilterReply.TempFail or MilterReply.ReplyCode && _recipient is { } refused)
        {
            _message.Recipients.Remove(refused);
            _modifications.Clear();
        }

        return null;
    }

    private void Told(MilterCommand command, byte[] payload)
    {
        _recipient = null;
        switch (command)
        {
            case MilterCommand.Mail when EnvelopePayload.TryRead(payload, out EnvelopePayload mail, out _):
                _message = new MailTransaction { Sender = Path(mail) };
                _body.Clear();
                _modifications.Clear();
                break;
            case MilterCommand.Rcpt when EnvelopePayload.TryRead(payload, out EnvelopePayload rcpt, out _):
                _recipient = Path(rcpt);
                _message.Recipients.Add(_recipient);
                break;
            case MilterCommand.Header when HeaderPayload.TryRead(payload, out HeaderPayload header, out _):
                _message.Content.Headers.Add(MailHeader.Verbatim(WireText.GetString(header.Name), (_keepsSpace ? "" : " ") + WireText.GetString(header.Value)));
                break;
            case MilterCommand.Body or MilterCommand.EndOfMessage when _body.Count + payload.Length <= MostBody:
                _body.AddRange(payload);
                break;
        }
    }

    private IReadOnlyList<string> End()
    {
        _message.Content.Body = _body.ToArray();
        MailTransaction after = _message.Apply(_modifications, MtaPersonality.Postfix);
        _modifications.Clear();
        return UnifiedDiff.Make(RunReport.Message(_message), RunReport.Message(after));
    }

    private static MailPath Path(EnvelopePayload payload) => new(WireText.GetString(payload.Address), payload.Arguments.ToStrings());
}
