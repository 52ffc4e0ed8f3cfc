using System.Text;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Milter.CompilerServices;
using Milter.Protocol;
using Milter.Session;
using Milter.Tests;

namespace Milter.Runtime.Tests.Session;

/// <summary>Protects the promise that a message costs no garbage: 1,000 messages on one connection, from bytes in to bytes out, through generated code.</summary>
public sealed partial class AllocationTests
{
    [ReleaseFact]
    public void Handlers_of_every_step_that_take_spans_cost_nothing_a_message() => Assert.Equal(0, BytesOf<SpanFilter>());

    [ReleaseFact]
    public void Looking_at_collected_data_as_spans_costs_nothing_a_message() => Assert.Equal(0, BytesOf<CollectingFilter>());

    [ReleaseFact]
    public void Adding_a_header_as_bytes_costs_nothing_a_message() => Assert.Equal(0, BytesOf<EditingFilter>());

    [ReleaseFact]
    public void A_refusal_with_a_text_kept_in_a_field_costs_nothing_a_message() => Assert.Equal(0, BytesOf<RefusingFilter>());

    [ReleaseFact]
    public void A_log_that_is_written_from_Warning_on_costs_nothing_a_message() => Assert.Equal(0, BytesOf<SpanFilter>(new WarningLog()));

    [ReleaseFact]
    public void A_string_costs_itself_and_nothing_more() =>
        // "a subject of some words": 23 characters of 2 bytes, and 22 bytes of the object, rounded up to 8.
        Assert.Equal(1_000 * 72, BytesOf<StringFilter>());

    internal static long BytesOf<T>(ILogger? logger = null, SessionObserver? observer = null)
        where T : class, IMilter<T>
    {
        using var session = new PlayedConversation(SessionSettings.Of(MilterDescriptor.Of<T>(), static services => T.Create(services), new Nothing(), logger ?? NullLogger.Instance, new MilterOptions()) with { Observer = observer ?? new SessionObserver() });
        using var frames = new FrameBuffer();
        CommandWriter.OptNeg(frames, 6, MilterActions.All, (ProtocolSteps)0x1FFFFF);
        CommandWriter.Connect(frames, "client.example.test"u8, ClientFamily.IPv4, 1234, "192.0.2.7"u8);
        CommandWriter.Helo(frames, "client.example.test");
        session.Play(frames.WrittenSpan.ToArray());
        frames.Clear();
        Message(frames, MilterDescriptor.Of<T>().Waived);
        byte[] message = frames.WrittenSpan.ToArray();
        return Allocated.InSteadyState(() => session.Play(message));
    }

    private static void Message(FrameBuffer frames, ProtocolSteps waived)
    {
        bool Sends(ProtocolSteps step) => (waived & step) == 0;
        CommandWriter.Macros(frames, MilterCommand.Mail, [KeyValuePair.Create("i", "4ABCDEF"), KeyValuePair.Create("{auth_authen}", "joe")]);
        if (Sends(ProtocolSteps.NoMail))
        {
            CommandWriter.Mail(frames, "<sender@example.test>", "SIZE=100", "BODY=8BITMIME");
        }

        for (int i = 0; i < 3 && Sends(ProtocolSteps.NoRcpt); i++)
        {
            CommandWriter.Rcpt(frames, $"<recipient{i}@example.test>");
        }

        if (Sends(ProtocolSteps.NoData))
        {
            CommandWriter.Data(frames);
        }

        for (int i = 0; i < 12 && Sends(ProtocolSteps.NoHeaders); i++)
        {
            CommandWriter.Header(frames, i == 3 ? "Subject" : $"X-Header-{i}", "a subject of some words");
        }

        if (Sends(ProtocolSteps.NoEndOfHeaders))
        {
            CommandWriter.EndOfHeaders(frames);
        }

        if (Sends(ProtocolSteps.NoBody))
        {
            CommandWriter.Body(frames, Encoding.ASCII.GetBytes(new string('x', 2_000)));
        }

        CommandWriter.EndOfMessage(frames);
        CommandWriter.Abort(frames);
    }

    [Milter]
    internal sealed partial class SpanFilter
    {
        [PerMessage]
        private int _seen;

        [OnConnect]
        private Verdict Connect(ConnectInfo client) => Count(client.HostNameBytes);

        [OnHelo]
        private Verdict Helo(ReadOnlySpan<byte> name) => Count(name);

        [OnMail]
        private Verdict From(EnvelopeAddress sender) => Count(sender.RawBytes);

        [OnRcpt]
        private Verdict To(ReadOnlySpan<byte> recipient, [Macro("{auth_authen}")] ReadOnlySpan<byte> user) => Count(user.IsEmpty ? user : recipient);

        [OnData]
        private Verdict Data() => Verdict.Continue;

        [OnHeader]
        private Verdict Header(HeaderField field) => Count(field.Value);

        [OnEoh]
        private Verdict Headers() => Verdict.Continue;

        [OnBody]
        private Verdict Body(ReadOnlySpan<byte> chunk) => Count(chunk);

        [OnEom]
        private Verdict End() => _seen == 0 ? Verdict.Reject() : Verdict.Continue;

        [OnMessageEnd]
        private void Done(MessageOutcome outcome) => _seen += (int)outcome;

        private Verdict Count(ReadOnlySpan<byte> bytes)
        {
            _seen += bytes.Length;
            return Verdict.Continue;
        }
    }

    [Milter]
    internal sealed partial class CollectingFilter
    {
        [OnEom]
        private static Verdict End([Header("Subject")] ReadOnlySpan<byte> subject, ConnectInfo? client, MessageEnvelope envelope, MessageHeaders headers, MessageBody body) =>
            subject.Length == 23 && client is { Port: 1234 } && envelope.Recipients.Count == 3 && headers.Count == 12 && body.Length == 2_000 ? Verdict.Continue : throw new InvalidOperationException();
    }

    [Milter]
    internal sealed partial class EditingFilter
    {
        [OnEom]
        private static Verdict End(HeaderEditor headers, [Header("Subject")] ReadOnlySpan<byte> subject)
        {
            headers.Set("Subject"u8, subject);
            headers.Append("X-Checked"u8, "yes"u8);
            return Verdict.Continue;
        }
    }

    [Milter]
    internal sealed partial class RefusingFilter
    {
        private static readonly Verdict s_no = Verdict.Reject(550, "5.7.1", "No, thank you");

        [OnEom]
        private static Verdict End() => s_no;
    }

    [Milter]
    internal sealed partial class StringFilter
    {
        [OnEom]
        private static Verdict End([Header("Subject")] string? subject) => subject is null ? Verdict.Reject() : Verdict.Continue;
    }

    private sealed class WarningLog : ILogger
    {
        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => new MemoryStream();

        public bool IsEnabled(LogLevel logLevel) => logLevel >= LogLevel.Warning;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
        }
    }

    private sealed class Nothing : IServiceProvider
    {
        public object? GetService(Type serviceType) => null;
    }
}
