using System.Net.Sockets;
using Milter.Protocol;

namespace Quickstart.Demo;

/// <summary>Plays one SMTP session with one message, in the way of Postfix: macros before every step, one write up to the next reply.</summary>
/// <param name="connection">The connection to the filter.</param>
/// <param name="letter">The message and its client.</param>
/// <param name="cancellation">How long there is patience.</param>
internal sealed class MtaSession(FilterConnection connection, Letter letter, CancellationToken cancellation)
{
    /// <summary>What Postfix 3.7 offers.</summary>
    public const ProtocolSteps OfferedSteps = (ProtocolSteps)0x1FFFFF;

    private readonly FrameBuffer _output = connection.Output;
    private Playback _played = null!;
    private bool _over;

    /// <summary>Plays the session.</summary>
    /// <exception cref="ProtocolException">The filter does not keep to the protocol.</exception>
    /// <exception cref="OperationCanceledException">It does not answer in time.</exception>
    public async Task<Playback> PlayAsync()
    {
        _played = new Playback(letter, await NegotiateAsync());
        await PlayEnvelopeAsync();
        await PlayContentAsync();
        await PlayEndAsync();

        // Postfix gives up the message after its end too; neither is answered.
        CommandWriter.Abort(_output);
        CommandWriter.Quit(_output);
        await connection.FlushAsync(cancellation);
        await connection.ReadEndAsync(cancellation);
        return _played;
    }

    private async Task<Agreement> NegotiateAsync()
    {
        CommandWriter.OptNeg(_output, MilterLimits.Version, MilterActions.All, OfferedSteps);
        await connection.FlushAsync(cancellation);
        FilterConnection.Packet answer = await connection.ReadAsync(cancellation);
        return answer.Reply == MilterReply.OptNeg
            ? Agreement.Read(answer.Payload)
            : throw new ProtocolException($"the filter answered the negotiation with '{(char)answer.Reply}'");
    }

    private async Task PlayEnvelopeAsync()
    {
        MailMessage message = letter.Message;
        string address = letter.ClientAddress?.ToString() ?? "";
        ClientFamily family = letter.ClientAddress?.AddressFamily switch
        {
            AddressFamily.InterNetwork => ClientFamily.IPv4,
            AddressFamily.InterNetworkV6 => ClientFamily.IPv6,
            _ => ClientFamily.Unknown,
        };
        await StepAsync(MtaStep.Connect, address.Length == 0 ? letter.ClientName : $"{letter.ClientName} [{address}]", output => CommandWriter.Connect(output, letter.ClientName, family, 40_125, address));
        await StepAsync(MtaStep.Helo, letter.ClientName, output => CommandWriter.Helo(output, letter.ClientName));
        await StepAsync(MtaStep.Mail, message.Sender, output => CommandWriter.Mail(output, message.Sender));

        foreach (string recipient in message.Recipients)
        {
            Fate fate = await StepAsync(MtaStep.Rcpt, recipient, output => CommandWriter.Rcpt(output, recipient), recipient);
            if (fate is Fate.Rejected or Fate.Deferred)
            {
                _played.After.Recipients.Remove(recipient);
            }
        }

        _over |= _played.After.Recipients.Count == 0;
        if (!_over)
        {
            _played.Fate = Fate.Delivered;
            _played.SmtpReply = Playback.Queued;
        }

        await StepAsync(MtaStep.Data, "", CommandWriter.Data);
    }

    private async Task PlayContentAsync()
    {
        bool keepsSpace = _played.Agreement.KeepsSpace;
        foreach (MailHeader header in letter.Message.Headers.Where(header => !header.IsOwn))
        {
            await StepAsync(MtaStep.Header, "", output => CommandWriter.Header(output, header.Name, header.ValueFor(keepsSpace)));
        }

        await StepAsync(MtaStep.EndOfHeaders, "", CommandWriter.EndOfHeaders);
        byte[] body = letter.Message.Body;
        for (int start = 0; start < body.Length && !HasSkipped(); start += MilterLimits.MaxPayload)
        {
            int length = Math.Min(MilterLimits.MaxPayload, body.Length - start);
            await StepAsync(MtaStep.Body, $"{body.Length} bytes", output => CommandWriter.Body(output, body.AsSpan(start, length)));
        }
    }

    private async Task PlayEndAsync()
    {
        if (_over)
        {
            return;
        }

        WriteMacros(MtaStep.EndOfMessage, "");
        CommandWriter.EndOfMessage(_output);
        await connection.FlushAsync(cancellation);

        var changes = new Modifications(_played.After, _played.Agreement.KeepsSpace);
        while (true)
        {
            FilterConnection.Packet packet = await connection.ReadAsync(cancellation);
            if (packet.Reply == MilterReply.Progress)
            {
                continue;
            }

            if (MtaVerdict.Read(packet) is { } verdict)
            {
                changes.Complete();
                _played.Changes = changes.Count;
                Note(MtaStep.EndOfMessage, "", StepTreatment.Replied, verdict);
                return;
            }

            changes.Apply(packet.Reply, packet.Payload);
        }
    }

    private async Task<Fate> StepAsync(MtaStep step, string detail, Action<FrameBuffer> write, string recipient = "")
    {
        if (_over)
        {
            return _played.Fate;
        }

        // Postfix sends the macros of a step that it leaves out.
        WriteMacros(step, recipient);
        if (_played.Agreement.IsNotSent(step))
        {
            Note(step, detail, StepTreatment.NotSent, null);
            return Fate.Delivered;
        }

        write(_output);
        if (_played.Agreement.IsSilent(step))
        {
            Note(step, detail, StepTreatment.NoReply, null);
            return Fate.Delivered;
        }

        await connection.FlushAsync(cancellation);
        FilterConnection.Packet packet = await connection.ReadAsync(cancellation);
        MtaVerdict verdict = MtaVerdict.Read(packet) ?? throw new ProtocolException($"the filter answered {step.Name} with '{(char)packet.Reply}', which is no verdict");
        Note(step, detail, StepTreatment.Replied, verdict);
        return verdict.Fate;
    }

    private void Note(MtaStep step, string detail, StepTreatment treatment, MtaVerdict? verdict)
    {
        _played.Add(new PlayedStep(step.Name, detail, treatment, verdict?.Text));
        if (verdict is null or { EndsFilter: false })
        {
            return;
        }

        // A refused recipient is no refused message.
        _over = step != MtaStep.Rcpt || verdict.Fate is Fate.Delivered or Fate.Discarded;
        _played.Fate = verdict.Fate;
        _played.SmtpReply = verdict.SmtpReply;
    }

    private bool HasSkipped() => _played.Steps[^1].Verdict == MtaVerdict.SkipText;

    private void WriteMacros(MtaStep step, string recipient)
    {
        MacroFrame frame = CommandWriter.BeginMacros(_output, step.Command);
        string names = _played.Agreement.Macros.GetValueOrDefault(step.Macros) is { Length: > 0 } asked ? asked : PostfixMacros.Default(step.Macros);
        foreach (string name in names.Split(' ', StringSplitOptions.RemoveEmptyEntries))
        {
            if (letter.Macro(name, step, recipient) is { } value)
            {
                frame.Add(name, value);
            }
        }
    }
}
