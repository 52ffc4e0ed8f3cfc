using System.Buffers;
using System.Text;
using Milter.Protocol;

namespace Milter.BenchFilter;

/// <summary>Accepts every message at its end.</summary>
[Milter]
internal sealed partial class NoopFilter
{
    [OnEom]
    private static Verdict End() => Verdict.Accept;
}

/// <summary>Looks at every step and has the MTA wait for each; adds one header that says what it has seen.</summary>
[Milter]
internal sealed partial class InspectFilter
{
    [PerMessage]
    private int _headers;

    [PerMessage]
    private long _body;

    [PerMessage]
    private int _subject;

    [OnConnect]
    private static Verdict Connect(ConnectInfo client) => Verdict.Continue;

    [OnHelo]
    private static Verdict Helo(ReadOnlySpan<byte> name) => Verdict.Continue;

    [OnMail]
    private static Verdict From(ReadOnlySpan<byte> sender) => Verdict.Continue;

    [OnRcpt]
    private static Verdict To(ReadOnlySpan<byte> recipient) => Verdict.Continue;

    [OnHeader]
    private Verdict Header(HeaderField field)
    {
        _headers++;
        if (field.Is("Subject"u8))
        {
            _subject = field.Value.TrimStart((byte)' ').Length;
        }

        return Verdict.Continue;
    }

    [OnEoh]
    private static Verdict Headers() => Verdict.Continue;

    [OnBody]
    private Verdict Body(ReadOnlySpan<byte> chunk)
    {
        _body += chunk.Length;
        return Verdict.Continue;
    }

    [OnEom]
    private Verdict End([Needs(MilterActions.AddHeaders)] MessageActions actions)
    {
        Seen.AddTo(actions, _headers, _body, _subject);
        return Verdict.Continue;
    }
}

/// <summary>The same without a reply to any step but the last.</summary>
[Milter]
internal sealed partial class QuietInspectFilter
{
    [PerMessage]
    private int _headers;

    [PerMessage]
    private long _body;

    [PerMessage]
    private int _subject;

    [OnConnect]
    private static void Connect(ConnectInfo client)
    {
    }

    [OnHelo]
    private static void Helo(ReadOnlySpan<byte> name)
    {
    }

    [OnMail]
    private static void From(ReadOnlySpan<byte> sender)
    {
    }

    [OnRcpt]
    private static void To(ReadOnlySpan<byte> recipient)
    {
    }

    [OnHeader]
    private void Header(HeaderField field)
    {
        _headers++;
        if (field.Is("Subject"u8))
        {
            _subject = field.Value.TrimStart((byte)' ').Length;
        }
    }

    [OnEoh]
    private static void Headers()
    {
    }

    [OnBody]
    private void Body(ReadOnlySpan<byte> chunk) => _body += chunk.Length;

    [OnEom]
    private Verdict End([Needs(MilterActions.AddHeaders)] MessageActions actions)
    {
        Seen.AddTo(actions, _headers, _body, _subject);
        return Verdict.Continue;
    }
}

/// <summary>Changes the subject, adds a recipient and appends a footer to the body, and has the MTA wait for each step.</summary>
[Milter]
internal sealed partial class RewriteFilter
{
    private readonly ArrayBufferWriter<byte> _subject = new(1_024);
    private readonly ArrayBufferWriter<byte> _body = new(4_096);

    [OnConnect]
    private static Verdict Connect(ConnectInfo client) => Verdict.Continue;

    [OnHelo]
    private static Verdict Helo(ReadOnlySpan<byte> name) => Verdict.Continue;

    [OnMail]
    private Verdict From(ReadOnlySpan<byte> sender)
    {
        _subject.ResetWrittenCount();
        _subject.Write("[CHK] "u8);
        _body.ResetWrittenCount();
        return Verdict.Continue;
    }

    [OnRcpt]
    private static Verdict To(ReadOnlySpan<byte> recipient) => Verdict.Continue;

    [OnHeader]
    private Verdict Header(HeaderField field)
    {
        if (field.Is("Subject"u8))
        {
            _subject.Write(field.Value.TrimStart((byte)' '));
        }

        return Verdict.Continue;
    }

    [OnEoh]
    private static Verdict Headers() => Verdict.Continue;

    [OnBody]
    private Verdict Body(ReadOnlySpan<byte> chunk)
    {
        _body.Write(chunk);
        return Verdict.Continue;
    }

    [OnEom]
    private Verdict End([Needs(MilterActions.ChangeHeaders | MilterActions.AddRecipients | MilterActions.ChangeBody)] MessageActions actions)
    {
        _body.Write("-- \r\nchecked by the bench filter\r\n"u8);
        actions.ChangeHeader("Subject"u8, 1, _subject.WrittenSpan);
        actions.AddRecipient("<extra@example.net>"u8);
        actions.ReplaceBody(_body.WrittenSpan);
        return Verdict.Continue;
    }
}

/// <summary>The same edits as people write them today: the engine keeps the body, and a footer follows it.</summary>
[Milter]
internal sealed partial class RewritePiecesFilter
{
    [OnConnect]
    private static Verdict Connect(ConnectInfo client) => Verdict.Continue;

    [OnHelo]
    private static Verdict Helo(ReadOnlySpan<byte> name) => Verdict.Continue;

    [OnMail]
    private static Verdict From(ReadOnlySpan<byte> sender) => Verdict.Continue;

    [OnRcpt]
    private static Verdict To(ReadOnlySpan<byte> recipient) => Verdict.Continue;

    [OnHeader]
    private static Verdict Header(HeaderField field) => Verdict.Continue;

    [OnEoh]
    private static Verdict Headers() => Verdict.Continue;

    [OnBody]
    private static Verdict Body(ReadOnlySpan<byte> chunk) => Verdict.Continue;

    [OnEom]
    private static Verdict End([Header("Subject")] string? subject, MessageBody body, HeaderEditor headers, EnvelopeEditor envelope, BodyEditor editor)
    {
        if (!body.IsAvailable)
        {
            return Verdict.TempFail();
        }

        headers.Set("Subject", $"[CHK] {subject}");
        envelope.AddRecipient("extra@example.net");
        editor.AppendOriginal();
        editor.Append("-- \r\nchecked by the bench filter\r\n"u8);
        return Verdict.Continue;
    }
}

/// <summary>What people write: look at the subject, add one header at the end.</summary>
[Milter]
internal sealed partial class TypicalFilter
{
    [OnEom]
    private static Verdict End([Header("Subject")] ReadOnlySpan<byte> subject, HeaderAdder headers)
    {
        headers.Add("X-Checked"u8, subject.IsEmpty ? "no subject"u8 : "ok"u8);
        return Verdict.Continue;
    }
}

/// <summary>Takes every text as a string, and has the MTA wait for each step that has one.</summary>
[Milter]
internal sealed partial class TextFilter
{
    [OnMail]
    private static Verdict From(string sender) => Verdict.Continue;

    [OnRcpt]
    private static Verdict To(string recipient) => Verdict.Continue;

    [OnHeader]
    private static Verdict Header(string name, string value) => Verdict.Continue;

    [OnEom]
    private static Verdict End() => Verdict.Continue;
}

/// <summary>The header that the inspecting workloads add.</summary>
internal static class Seen
{
    public static void AddTo(MessageActions actions, int headers, long body, int subject)
    {
        Span<byte> text = stackalloc byte[64];
        System.Text.Unicode.Utf8.TryWrite(text, $"h={headers} b={body} s={subject}", out int length);
        actions.AddHeader("X-Checked"u8, text[..length]);
    }
}
