using System.Text;
using Milter.Message;
using Milter.Telemetry;

namespace Milter.Session;

/// <summary>What is told of a message when it has ended, where <see cref="MilterOptions.LogMessages"/> asks for it: a line like a receipt.</summary>
internal sealed class MessageReceipt(SessionSettings settings)
{
    private const int MostRecipients = 3;

    // How an edit of each kind is written; the kind is the index.
    private static readonly string[] s_signs = ["+{0}", "~{0}", "-{0}", "body of {0} bytes", "to +{0}", "to -{0}", "from {0}", "held: {0}", "{0} packets"];

    private readonly List<string> _recipients = [];
    private readonly List<ToldEdit> _told = [];
    private readonly long _began = settings.Time.GetTimestamp();
    private Verdict _verdict;
    private MilterStages _stage;
    private string _sender = "-";
    private string _messageId = "-";
    private string _subject = "-";
    private int _recipientCount;
    private int _edits;
    private int _waits;

    /// <summary>Gets what takes edits in words.</summary>
    public List<ToldEdit> Told => _told;

    /// <summary>The MTA got its reply to a step.</summary>
    public void Replied(MilterStages stage, Verdict verdict)
    {
        _waits++;
        (_verdict, _stage) = (verdict, stage);
    }

    /// <summary>Edits went out with the verdict.</summary>
    public void Edited(int count) => _edits = count;

    /// <summary>A sender or a recipient is told.</summary>
    public void Address(MilterStages stage, ReadOnlySpan<byte> address)
    {
        if (stage == MilterStages.Mail)
        {
            _sender = Hidden(address);
        }
        else if (++_recipientCount <= MostRecipients)
        {
            _recipients.Add(Hidden(address));
        }
    }

    /// <summary>A header field is told. Of several the first counts. The subject is written as a hash or not at all.</summary>
    public void Header(ReadOnlySpan<byte> name, ReadOnlySpan<byte> value)
    {
        if (_messageId == "-" && Ascii.EqualsIgnoreCase(name, "Message-ID"u8))
        {
            _messageId = Readable.Line(value);
        }
        else if (_subject == "-" && settings.Options.LogKey is not null && Ascii.EqualsIgnoreCase(name, "Subject"u8))
        {
            _subject = Hidden(value);
        }
    }

    /// <summary>The message has ended.</summary>
    public void End(SessionFacts facts, MessageOutcome outcome)
    {
        string decided = outcome is MessageOutcome.Aborted or MessageOutcome.ConnectionLost || _stage == MilterStages.None ? "" : $", {_verdict} at {_stage}{Methods()}";
        if (_messageId == "-" && facts.Text("msg_id"u8) is { Length: > 0 } known)
        {
            _messageId = Readable.Line(known);
        }

        SessionLog.MessageEnded(
            settings.Logger,
            facts.ConnectionId,
            facts.QueueId ?? "-",
            outcome,
            decided,
            _edits,
            Edits(),
            _waits,
            (long)settings.Time.GetElapsedTime(_began).TotalMilliseconds,
            facts.Connect is { } client ? Readable.Line(client.ToString()) : "-",
            _sender,
            Recipients(),
            _messageId,
            _subject);
    }

    private string Edits() => _told.Count == 0 ? "" : $" ({string.Join(", ", _told.Select(Say))}{(_edits > _told.Count ? ", …" : "")})";

    private string Say(ToldEdit edit)
    {
        bool isAddress = edit.Kind is EditKind.RecipientAdd or EditKind.RecipientRemove or EditKind.Sender;
        string what = isAddress && settings.Options.LogKey is { } key ? Hash(key, edit.What) : Readable.Line(edit.What);
        return s_signs[(int)edit.Kind].Replace("{0}", what, StringComparison.Ordinal);
    }

    private string Recipients() => _recipientCount switch
    {
        0 => "-",
        <= MostRecipients => string.Join(' ', _recipients),
        _ => $"{string.Join(' ', _recipients)} and {_recipientCount - MostRecipients} more",
    };

    private string Hidden(ReadOnlySpan<byte> text) => settings.Options.LogKey is { } key ? Hash(key, Protocol.WireText.GetString(text)) : Readable.Line(text);

    // With or without its brackets a mailbox is the same.
    private static string Hash(string key, string text) => Readable.Hash(key, text.Trim().TrimStart('<').TrimEnd('>'));

    // The methods that give verdicts at the stage that decided.
    private string Methods()
    {
        string methods = string.Join(", ", settings.Descriptor.Causes.Where(cause => cause.Waits && cause.Stage == _stage).Select(cause => cause.Member).Distinct());
        return methods.Length > 0 ? $" ({methods})" : "";
    }
}
