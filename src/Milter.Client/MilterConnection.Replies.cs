using System.Runtime.InteropServices;
using Milter.Protocol;

namespace Milter.Client;

/// <content>One step: whether it is sent, what comes before it, what its reply ends.</content>
public sealed partial class MilterConnection
{
    private readonly List<StepReply> _steps = [];
    private StepReply? _sessionEnd;
    private StepReply? _messageEnd;
    private MilterCommand? _skippedKind;
    private RefusedRecipient? _refused;
    private bool _skipsBody;
    private bool _hasHelo;
    private SmtpTls? _tlsOfHelo;
    private bool _isOpen;
    private bool _isAfterMessage;
    private bool _endedByContinue;
    private MailPath? _firstRecipient;
    private int _recipientsBefore;

    private async Task<StepReply> StepAsync(MilterCommand command, string detail, Action<FrameBuffer> write, MailPath? path, CancellationToken cancellation)
    {
        Begin(command);
        try
        {
            return await TellAsync(command, detail, write, path, cancellation).ConfigureAwait(false);
        }
        finally
        {
            _atWork = 0;
        }
    }

    private async Task<StepReply> TellAsync(MilterCommand command, string detail, Action<FrameBuffer> write, MailPath? path, CancellationToken cancellation)
    {
        _endedByContinue = false;
        StepRow row = StepTable.Of(command);
        var step = new StepReply { Step = command, Detail = detail };
        bool ofMessage = command is not (MilterCommand.Connect or MilterCommand.Helo or MilterCommand.Unknown);
        if ((_sessionEnd ?? (ofMessage ? _messageEnd : null)) is { } end)
        {
            return Note(Over(step, end));
        }

        if (IsSkipped(command))
        {
            return Note(step with { Treatment = StepTreatment.NotWanted });
        }

        int before = _channel.Output.Length;
        try
        {
            bool isWanted = !Agreement.Has(row.NotWanted) && Agreement.Version >= row.MinVersion;
            if (isWanted || _mta.SendsMacrosOfUnwanted(command))
            {
                WriteMacros(command, path);
            }

            if (!isWanted)
            {
                return Note(step with { Treatment = StepTreatment.NotWanted });
            }

            write(_channel.Output);
        }
        catch
        {
            _channel.Output.Truncate(before);
            throw;
        }

        if (Agreement.Has(row.NoReply))
        {
            if (_channel.IsFull)
            {
                await FlushAtWorkAsync(command, cancellation).ConfigureAwait(false);
            }

            return Note(step with { Treatment = StepTreatment.NoReply });
        }

        try
        {
            return Note(Take(row, await AskAsync(row, step, path, cancellation).ConfigureAwait(false)));
        }
        catch
        {
            _isBroken = true;
            throw;
        }
    }

    private async Task<StepReply> AskAsync(StepRow row, StepReply step, MailPath? path, CancellationToken cancellation)
    {
        if (_channel.HasUnread)
        {
            throw Wrong(row, "has sent something that nobody asked for", _channel.Unread);
        }

        await _channel.FlushAsync(row.Command, _options.Patience.Command, cancellation).ConfigureAwait(false);
        if (row.Command != MilterCommand.EndOfMessage)
        {
            return await new ReplyReader(this, row, step, path).ReadAsync(cancellation).ConfigureAwait(false);
        }

        using var whole = new CancellationTokenSource(_options.Patience.EndOfMessage, _options.TimeProvider);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(whole.Token, cancellation);
        try
        {
            return await new ReplyReader(this, row, step, path).ReadAsync(either.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException exception) when (!cancellation.IsCancellationRequested)
        {
            throw new MilterClientException(MilterClientError.Timeout, row.Command, $"The filter was not done with EOM within {_options.Patience.EndOfMessage.TotalSeconds:0.###} s.", exception);
        }
    }

    // What a reply ends.
    private StepReply Take(StepRow row, StepReply reply)
    {
        if (reply.Verdict == MilterVerdict.Skip)
        {
            return Skip(row, reply);
        }

        switch (row.Command)
        {
            case MilterCommand.Connect or MilterCommand.Helo:
                if (reply.Verdict == MilterVerdict.Discard)
                {
                    Complain(row, "DISCARD, which means nothing there");
                    _sessionEnd = _mta.DiscardEndsSession(row.Command) ? reply with { Verdict = MilterVerdict.Accept } : null;
                    return reply with { Verdict = MilterVerdict.Continue };
                }

                _sessionEnd = reply.Verdict == MilterVerdict.Continue ? null : reply;
                return reply;
            case MilterCommand.Unknown:
                if (reply.Verdict is MilterVerdict.Accept or MilterVerdict.Discard)
                {
                    Complain(row, $"{reply.Verdict}, on which Postfix's smtpd panics");
                    return reply with { Verdict = MilterVerdict.Continue };
                }

                break;
            case MilterCommand.Rcpt when _refused is not null && reply.IsRefusal:
                return reply with { Verdict = MilterVerdict.Continue, Reply = null, SmtpReply = null };
            case MilterCommand.Rcpt when reply.IsRefusal:
                break;
            default:
                if (reply.Verdict != MilterVerdict.Continue)
                {
                    _messageEnd = reply;
                    _isOpen = row.Command == MilterCommand.Data ? reply.Verdict != MilterVerdict.Accept : row.Command == MilterCommand.Rcpt && reply.Verdict == MilterVerdict.Discard;
                }

                break;
        }

        if (reply.ClosesSession)
        {
            _sessionEnd = reply;
        }

        return reply;
    }

    private StepReply Skip(StepRow row, StepReply reply)
    {
        SkipEffect effect = _mta.OnSkip(row.Command);
        if (row.Command != MilterCommand.Body || !Agreement.Has(ProtocolSteps.Skip))
        {
            Complain(row, "SKIP, which is for BODY and has to be agreed on");
        }

        switch (effect)
        {
            case SkipEffect.ThisKind:
                _skippedKind = row.Command;
                break;
            case SkipEffect.Body:
                _skipsBody = true;
                break;
            case SkipEffect.Session:
                _sessionEnd = reply with { Verdict = MilterVerdict.Accept };
                break;
            case SkipEffect.Error:
                throw Wrong(row, "answered SKIP", [(byte)MilterReply.Skip]);
        }

        return row.Command == MilterCommand.Body ? reply : reply with { Verdict = MilterVerdict.Continue };
    }

    private bool IsSkipped(MilterCommand command)
    {
        if (_skippedKind != command)
        {
            _skippedKind = null;
        }

        return _skippedKind is not null || (_skipsBody && command == MilterCommand.Body);
    }

    private StepReply Over(StepReply step, StepReply end) => step with
    {
        Treatment = StepTreatment.Over,
        Verdict = end.Verdict,
        Reply = end.Reply,
        SmtpReply = end.IsRefusal ? _mta.Words(end.Verdict, end.Step, end.Reply, null) : null,
    };

    private void WriteMacros(MilterCommand command, MailPath? path)
    {
        if (_mta.MacroNames(command, Agreement) is not { } names)
        {
            return;
        }

        var moment = new MacroMoment(command, _session!, _message, command == MilterCommand.Data ? _firstRecipient : path, _refused, _recipientsBefore);
        _macros.Clear();
        foreach (string name in names.Split([' ', '\t', ','], StringSplitOptions.RemoveEmptyEntries))
        {
            if (moment.Value(_mta, name) is { } value)
            {
                _macros.Add(new(name, value));
            }
        }

        CommandWriter.Macros(_channel.Output, command, CollectionsMarshal.AsSpan(_macros));
    }

    private StepReply Note(StepReply reply)
    {
        if (_message is not null)
        {
            _steps.Add(reply);
        }

        return reply;
    }

    private void Complain(StepRow row, string what) => _complaints.Add($"At {row.Name} the filter sent {what}.");

    private static MilterClientException Wrong(StepRow row, string what, byte[] received) =>
        new(MilterClientError.Protocol, row.Command, $"At {row.Name} the filter {what}: '{(received.Length > 0 ? (char)received[0] : ' ')}', {Counted.Of(received.Length, "byte")}.", received: received);
}
