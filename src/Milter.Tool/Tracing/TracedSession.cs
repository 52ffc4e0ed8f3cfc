using System.Diagnostics;
using System.Globalization;
using Milter.Client;
using Milter.Protocol;
using Milter.Testing;
using Spectre.Console;

namespace Milter.Tool;

/// <summary>Follows one conversation: which replies are owed, how long they take, what does not belong there.</summary>
/// <remarks>Both directions tell it; one at a time.</remarks>
internal sealed class TracedSession(int number, Terminal terminal, MilterRecording recording, RecordingParts keep, bool isKept) : IPassedOn
{
    private readonly Queue<(MilterCommand Command, long Sent)> _owed = new();
    private readonly long _start = Stopwatch.GetTimestamp();
    private readonly Lock _gate = new();
    private readonly TracedMessage _message = new();
    private readonly List<TracedLine>? _lines = isKept ? [] : null;
    private ProtocolSteps _steps;
    private uint _version = MilterLimits.Version;
    private bool _hasQuit;
    private TimeSpan? _wait;
    private int _waits;
    private TimeSpan _longest;

    /// <summary>Gets the lines, where they are kept for a page.</summary>
    public IReadOnlyList<TracedLine> Lines => _lines ?? [];

    public void See(bool fromFilter, byte code, ReadOnlySpan<byte> payload)
    {
        lock (_gate)
        {
            recording.Add(fromFilter, code, payload);
            RecordedFrame shown = Redaction.Apply(fromFilter, code, payload, keep);
            _wait = null;
            string note = fromFilter ? Answered((MilterReply)code, payload) : Asked((MilterCommand)code);
            Write(fromFilter ? '<' : '>', shown, note);
            Keep(fromFilter ? '<' : '>', FrameText.Name(shown), FrameText.Detail(shown), note, shown);
            if (fromFilter && code == (byte)MilterReply.OptNeg)
            {
                WriteAgreement(payload);
            }
        }
    }

    /// <summary>Says how it has ended, and what is owed still.</summary>
    public void End(string how)
    {
        lock (_gate)
        {
            string owed = _owed.Count == 0 ? "" : $" {Shown.Bad($"OWED: {string.Join(", ", _owed.Select(one => $"{WireNames.Of(one.Command)} for {Shown.Time(Stopwatch.GetElapsedTime(one.Sent))}"))}")}";
            string over = _hasQuit ? "the session is over" : how;
            terminal.Marked($"{Head()} = {Shown.Text(over)}; the MTA waited {Counted.Times(_waits)}, {Shown.Time(_longest)} at most.{owed}");
            Keep(_owed.Count == 0 ? '=' : '!', "end", over, owed);
            terminal.Output.Flush();
        }
    }

    /// <summary>Says what can't be decoded; it is passed on all the same.</summary>
    public void Complain(string text)
    {
        lock (_gate)
        {
            terminal.Marked($"{Head()} ! {Shown.Bad(text)}");
            Keep('!', "", text, "");
        }
    }

    private string Asked(MilterCommand command)
    {
        bool isAnswered = command switch
        {
            MilterCommand.OptNeg => true,
            MilterCommand.Macro or MilterCommand.Abort or MilterCommand.Quit or MilterCommand.QuitNewConnection => false,
            _ when !Enum.IsDefined(command) => false,
            _ => (StepTable.Of(command).NoReply & _steps) == 0,
        };
        _hasQuit |= command == MilterCommand.Quit;
        if (isAnswered)
        {
            _owed.Enqueue((command, Stopwatch.GetTimestamp()));
        }

        bool isStep = Enum.IsDefined(command) && command is not (MilterCommand.OptNeg or MilterCommand.Macro or MilterCommand.Abort or MilterCommand.Quit or MilterCommand.QuitNewConnection);
        return !isStep ? ""
            : (StepTable.Of(command).NotWanted & _steps) != 0 ? Shown.Bad("the filter does not want it")
            : isAnswered ? "" : Shown.Quiet("no reply needed");
    }

    private string Answered(MilterReply reply, ReadOnlySpan<byte> payload)
    {
        bool isEnd = _owed.TryPeek(out (MilterCommand Command, long Sent) asked);
        if (reply == MilterReply.Progress || ModificationReader.IsModification(reply))
        {
            return isEnd && asked.Command == MilterCommand.EndOfMessage ? Shown.Quiet(Shown.Time(Stopwatch.GetElapsedTime(asked.Sent))) : Shown.Bad("only at the end of a message");
        }

        if (!isEnd && _hasQuit)
        {
            // The MTA is gone, and reads no more.
            return Shown.Quiet("after QUIT: nobody reads it");
        }

        if (!isEnd)
        {
            return Shown.Bad("NOBODY HAS ASKED: every later reply is taken for another's");
        }

        _owed.Dequeue();
        TimeSpan time = Stopwatch.GetElapsedTime(asked.Sent);
        if (asked.Command == MilterCommand.OptNeg)
        {
            if (OptNegPayload.TryRead(payload, out OptNegPayload answer, out _))
            {
                (_steps, _version) = (answer.Steps, answer.Version);
            }

            return Shown.Quiet(Shown.Time(time));
        }

        _waits++;
        _wait = time;
        _longest = time > _longest ? time : _longest;
        string complaint = Illegal(asked.Command, reply) is { } why ? " " + Shown.Bad(why) : "";
        return $"{Shown.Quiet($"{WireNames.Of(asked.Command)} {Shown.Time(time)}")}{complaint}";
    }

    private static string? Illegal(MilterCommand command, MilterReply reply) => (command, reply) switch
    {
        (MilterCommand.Unknown, MilterReply.Accept or MilterReply.Discard) => "Postfix's smtpd panics",
        (not MilterCommand.Body, MilterReply.Skip) => "only at BODY: Sendmail turns the filter off",
        (_, MilterReply.OptNeg) => "no verdict",
        _ when (byte)reply == (byte)'4' => "Postfix 3.7 loses the mail",
        _ when !Enum.IsDefined(reply) => "unknown to MTAs",
        _ => null,
    };

    private void WriteAgreement(ReadOnlySpan<byte> payload)
    {
        if (!OptNegPayload.TryRead(payload, out OptNegPayload answer, out _))
        {
            return;
        }

        ProtocolSteps steps = answer.Steps;
        Row("not sent", WireNames.NotSent(steps));
        Row("no reply", WireNames.NoReply(steps));
        Row("waits at", StepTable.Waivable.Where(row => row.MinVersion <= _version && (steps & (row.NotWanted | row.NoReply)) == 0).Select(row => row.Name).Append("EOM"));
        Row("besides", WireNames.Extras(steps));
        foreach (SymbolListEntry list in answer.CheckSymbolLists() is null ? answer.SymbolLists : default)
        {
            Row("macros", [$"{WireNames.Of((MacroStage)list.Stage)}: {WireText.GetString(list.Names)}"]);
        }

        void Row(string name, IEnumerable<string> values)
        {
            if (values.Any())
            {
                terminal.Marked($"{Head()} = {Shown.Quiet(name)} {Shown.Text(Shown.List(values))}");
                Keep('=', name, Shown.List(values), "");
            }
        }
    }

    private void Write(char direction, RecordedFrame frame, string note)
    {
        var reply = (MilterReply)frame.Code;
        string name = FrameText.Name(frame).PadRight(11);
        string coloured = direction == '>' ? Shown.Name(name) : reply is MilterReply.Reject or MilterReply.TempFail or MilterReply.ReplyCode ? Shown.Bad(name) : Shown.Good(name);
        string text = string.Join(" · ", new[] { Shown.Text(FrameText.Detail(frame)), note }.Where(part => part.Length > 0));
        terminal.Marked($"{Head()} {direction} {coloured} {text}".TrimEnd());
        terminal.Output.Flush();
    }

    private void Keep(char mark, string name, string detail, string note, RecordedFrame? frame = null)
    {
        if (_lines is { } lines)
        {
            string plain = Markup.Remove(note);
            lines.Add(new TracedLine(Stopwatch.GetElapsedTime(_start), mark, name, detail)
            {
                Note = plain,
                Wait = frame is null ? null : _wait,
                IsWrong = mark == '!' || note.Contains("[red]", StringComparison.Ordinal),
                Changes = frame is null ? null : _message.See(frame),
            });
        }
    }

    private string Head() => Shown.Quiet(string.Create(CultureInfo.InvariantCulture, $"#{number} {Stopwatch.GetElapsedTime(_start).TotalSeconds,7:0.000}"));
}
