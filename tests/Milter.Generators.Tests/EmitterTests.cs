using Milter.Generators.Tests.Infrastructure;

namespace Milter.Generators.Tests;

public sealed class EmitterTests
{
    [Fact]
    public void External_tagger() => Snapshot.Verify(GeneratorHarness.Generate("""
        using Milter;

        namespace Demo;

        public sealed class WordList;

        [Milter]
        public sealed partial class ExternalTagger(WordList words)
        {
            [OnEom]
            Verdict End(
                [Header("Subject")] string? subject,
                ConnectInfo? client,
                [Macro("{auth_authen}")] string? user,
                HeaderEditor headers) =>
                words is null || subject is null || client is null || user is null || headers is null ? Verdict.Continue : Verdict.Accept;
        }
        """));

    [Fact]
    public void End_of_message_only() => Snapshot.Verify(GeneratorHarness.Generate("""
        using System.Threading.Tasks;
        using Milter;

        [Milter]
        partial class OnlyEom
        {
            [OnEom]
            private static ValueTask<Verdict> Done() => default;
        }
        """));

    [Fact]
    public void Every_stage() => Snapshot.Verify(GeneratorHarness.Generate("""
        using System;
        using System.Threading;
        using System.Threading.Tasks;
        using Milter;

        namespace Demo;

        [Milter(PreserveHeaderSpace = true)]
        internal sealed partial record Everything
        {
            [OnConnect] Verdict Connect(ConnectInfo client) => default;
            [OnHelo] Task<Verdict> Helo(string name, CancellationToken ct) => Task.FromResult(Verdict.Continue);
            [OnMail] ValueTask<Verdict> From(EnvelopeAddress sender, MessageEnvelope envelope) => default;
            [OnRcpt] Verdict To(ReadOnlySpan<byte> recipient, [Helo] string? helo) => default;
            [OnRejectedRcpt] void Refused(EnvelopeAddress recipient) { }
            [OnData] Verdict Data(MilterContext context) => default;
            [OnHeader] Verdict Field(HeaderField field) => default;
            [OnEoh] Verdict Headers(MessageHeaders headers) => default;
            [OnBody] Verdict Chunk(ReadOnlySpan<byte> chunk) => default;
            [OnEom] Verdict End(MessageBody body, MessageActions actions) => default;
            [OnUnknown] Verdict Other(string command) => default;
            [OnAbort] ValueTask Aborted() => default;
            [OnMessageEnd] void Ended(MessageOutcome outcome) { }
            [OnClose] Task Closed() => Task.CompletedTask;
        }
        """));

    [Fact]
    public void Several_handlers_of_one_stage() => Snapshot.Verify(GeneratorHarness.Generate("""
        using System;
        using System.Buffers;
        using System.Threading.Tasks;
        using Milter;

        namespace Demo;

        public abstract class Base
        {
            [OnMail] protected void Count(string sender) { }
            [OnMail(Order = 1)] protected virtual Verdict Check(EnvelopeAddress sender) => default;
            [OnHeader("Received")] protected void Hop(ReadOnlySpan<byte> value) { }
        }

        [Milter]
        public partial class Layered : Base
        {
            protected override Verdict Check(EnvelopeAddress sender) => Verdict.Accept;

            [OnMail(Order = 2)] ValueTask Late() => default;
            [OnMail(Order = 1)] Task<Verdict> Early(string sender) => Task.FromResult(Verdict.Continue);

            [OnHeader("X-Spam", "X-Virus", "x-spam")] Verdict Marked(string name, string value) => default;
            [OnHeader("From")] Verdict Author(string value) => default;

            [OnBody(Order = 1)] Verdict Scan(ReadOnlySpan<byte> chunk) => Verdict.Skip;
            [OnBody(Order = 2)] async Task<Verdict> Send(ReadOnlySequence<byte> chunk) { await Task.Yield(); return Verdict.Skip; }
            [OnBody(Order = 3)] void Hash(ReadOnlyMemory<byte> chunk) { }
        }
        """));

    [Fact]
    public void Asynchronous_handlers() => Snapshot.Verify(GeneratorHarness.Generate("""
        using System;
        using System.Threading.Tasks;
        using Milter;

        [Milter]
        public partial class Waiting
        {
            [OnHelo] Task Helo(ReadOnlyMemory<byte> name) => Task.CompletedTask;
            [OnRcpt] Task<Verdict> To(string recipient) => Task.FromResult(Verdict.Continue);
            [OnHeader("Subject")] async ValueTask<Verdict> Subject(string value) { await Task.Yield(); return Verdict.Continue; }
            [OnEoh(Order = 1)] Verdict First([Header("To")] ReadOnlySpan<byte> to) => default;
            [OnEoh(Order = 2)] ValueTask<Verdict> Second([Header("to")] string to) => default;
            [OnBody] ValueTask<Verdict> Chunk(ReadOnlyMemory<byte> chunk) => default;
            [OnEom] async ValueTask End(Progress progress) => await Task.Yield();
        }
        """));

    [Fact]
    public void State_and_services() => Snapshot.Verify(GeneratorHarness.Generate("""
        using System;
        using System.Collections.Generic;
        using System.IO;
        using Microsoft.Extensions.DependencyInjection;
        using Milter;

        namespace Demo;

        public interface IClock;

        public sealed class Tally : IResettable
        {
            public void Reset() { }
        }

        public class Remembering
        {
            [PerMessage] protected int Recipients { get; set; }
        }

        [Milter]
        public partial class Stateful(IServiceProvider all, IClock clock, [FromKeyedServices("fast")] IClock fast, IClock? maybe, int limit = 5, IClock last = null!) : Remembering
        {
            [PerMessage] private readonly List<string> _seen = [];
            [PerMessage] private readonly Tally _tally = new();
            [PerMessage] private string? @event;
            [PerMessage] private MemoryStream? _copy;
            [PerMessage] private bool _done = false;

            [OnMail] void Mail([FromServices] IClock now, [FromServices] IEnumerable<string?>? later) => _done = _seen.Count > 0 || @event is null || _copy is null;
            [OnClose] void Closed([FromServices] IClock now) => _ = (all, clock, fast, maybe, limit, last, _tally, _done);
        }
        """));

    [Fact]
    public void Macros_and_actions() => Snapshot.Verify(GeneratorHarness.Generate("""
        using System;
        using Milter;
        using Milter.Protocol;

        namespace Demo;

        [Milter]
        public partial class Asking
        {
            [OnConnect] void Connect([Macro("{if_addr}")] string? to, [Macro("daemon_name")] string name) { }
            [OnHelo] void Helo([Macro("{cipher}")] ReadOnlySpan<byte> cipher, TlsInfo? tls) { }
            [OnEoh] void Headers([Macro("{i}")] string? id, [Macro("{x_rated}")] string? rated) { }
            [OnEom]
            Verdict End(
                HeaderAdder adder,
                [Needs(MilterActions.AddRecipients | MilterActions.ChangeSender)] EnvelopeEditor? envelope,
                [Needs(MilterActions.ChangeBody)] BodyEditor body,
                Quarantine? hold,
                Authentication? authentication,
                [Macro("{msg_id}")] string? id,
                [Header("Subject", Decoded = true)] string subject) => default;
            [OnRejectedRcpt] void Refused(string recipient) { }
        }
        """));

    [Fact]
    public void Nested_with_names_that_are_keywords() => Snapshot.Verify(GeneratorHarness.Generate("""
        using Milter;

        namespace @class.@namespace;

        public partial interface IOuter
        {
            internal partial record struct @struct
            {
                [Milter]
                private sealed partial class @event
                {
                    [OnMail] private Verdict @await(string @string) => default;
                    [OnMail(Order = 1)] private static void @static([FromServices] @event @this, [Helo] string? @record) { }
                }
            }
        }
        """));

    [Fact]
    public void Without_nullable_annotations() => Snapshot.Verify(GeneratorHarness.Generate("""
        #nullable disable
        using Milter;

        [Milter]
        partial class Plain
        {
            [OnEom] Verdict End(HeaderEditor must, ConnectInfo client, [Macro("i")] string id, BodyEditor may = null, [Helo] string helo = null) => default;
        }
        """));
}
