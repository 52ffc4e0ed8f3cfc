using Milter.Generators.Tests.Infrastructure;

namespace Milter.Generators.Tests.Diagnostics;

public sealed class MILTER121
{
    [Fact]
    public async Task Flags_it() => await Rule.CheckAsync(
        """
        [Milter]
        partial class Filter
        {
            [PerMessage] ReadOnlyMemory<byte> _view; [PerMessage] readonly List<ReadOnlySequence<byte>> _views = []; EnvelopeAddress? _from; HeaderEditor? _editor;
            [OnMail] void Mail(EnvelopeAddress from) => _from = [|from|];
            [OnBody] void Chunk(ReadOnlyMemory<byte> a, ReadOnlySequence<byte> b) { _view = [|a|]; _view = [|a.Slice(1)|]; _view = [|a[1..]|]; _views.Add([|b|]); }
            [OnEom] void End(HeaderEditor editor) => {|MILTER110:_editor|} = [|editor|];
        }
        """);

    [Fact]
    public async Task Flags_a_recipient_that_is_kept_though_the_message_s_state_is_reset() => await Rule.CheckAsync(
        """
        [Milter]
        partial class Filter
        {
            [PerMessage] readonly List<EnvelopeAddress> _to = []; [PerMessage] EnvelopeAddress? _last;
            [OnRcpt] void Rcpt(EnvelopeAddress to) { _to.Add([|to|]); _last = [|to|]; }
            [OnRejectedRcpt] void Refused(EnvelopeAddress to) => _to.Add([|to|]);
        }
        """);

    [Fact]
    public async Task Is_quiet_about_recipients_of_the_envelope_which_last_as_long_as_the_message() => await Rule.CheckAsync(
        """
        [Milter]
        partial class Filter
        {
            [PerMessage] readonly List<EnvelopeAddress> _to = []; [PerMessage] readonly List<string> _texts = [];
            [OnRcpt] void Rcpt(EnvelopeAddress to) => _texts.Add(to.Address);
            [OnData] void Data(MessageEnvelope envelope) { foreach (EnvelopeAddress to in envelope.Recipients) { _to.Add(to); } }
        }
        """);

    [Fact]
    public async Task Is_quiet_where_it_is_right() => await Rule.CheckAsync(
        """
        [Milter]
        partial class Filter
        {
            [PerMessage] ReadOnlyMemory<byte> _copy; [PerMessage] EnvelopeAddress? _from; MilterContext? _context; ConnectInfo? _client; [PerMessage] string? _domain;
            [OnConnect] void Connect(MilterContext context, ConnectInfo client) { _context = context; _client = client; }
            [OnMail] void Mail(EnvelopeAddress from) { _from = from; _domain = from.Domain; }
            [OnBody] void Chunk(ReadOnlyMemory<byte> a) { _copy = a.ToArray(); ReadOnlyMemory<byte> local = a; }
        }
        """);

    [Fact]
    public async Task Flags_views_that_go_by_locals_helpers_channels_and_objects() => await Rule.CheckAsync(
        """
        sealed record Item(ReadOnlyMemory<byte> Bytes);
        [Milter]
        partial class Filter(System.Threading.Channels.Channel<ReadOnlyMemory<byte>> channel, Queue<Item> items)
        {
            [PerMessage] readonly List<ReadOnlyMemory<byte>> _views = []; [PerMessage] readonly List<EnvelopeAddress> _to = []; [PerMessage] EnvelopeAddress? _last; readonly System.Collections.Concurrent.ConcurrentQueue<MessageHeaders> _headers = new();
            [OnRcpt] void To(EnvelopeAddress to) { _to.Add([|to|]); _last = [|to|]; }
            [OnBody] void Chunk(ReadOnlyMemory<byte> chunk) { channel.Writer.TryWrite([|chunk|]); var same = chunk[1..]; _views.Add([|same|]); Keep(chunk); items.Enqueue(new Item([|chunk|])); }
            [OnEom] void End(MessageHeaders headers) => {|MILTER111:_headers.Enqueue([|headers|])|};
            void Keep(ReadOnlyMemory<byte> bytes) => _views.Add([|bytes|]);
        }
        """);

    [Fact]
    public async Task Is_quiet_about_copies_and_readers() => await Rule.CheckAsync(
        """
        [Milter]
        partial class Filter(System.Threading.Channels.Channel<byte[]> channel, Stream file)
        {
            [PerMessage] readonly List<string> _to = []; [PerMessage] EnvelopeAddress? _from; [PerMessage] MessageHeaders? _headers;
            [OnMail] void Mail(EnvelopeAddress from) => _from = from;
            [PerMessage] readonly List<EnvelopeAddress> _all = [];
            [OnRcpt] void To(EnvelopeAddress to, MessageEnvelope envelope) { _to.Add(to.Address); var local = to; _all.Add(envelope.Sender); _all.Add(envelope.Recipients[0]); }
            [OnBody] async Task Chunk(ReadOnlyMemory<byte> chunk, CancellationToken ct) { channel.Writer.TryWrite(chunk.ToArray()); await file.WriteAsync(chunk, ct); Look(chunk); }
            [OnEoh] void Eoh(MessageHeaders headers) => _headers = headers;
            static void Look(ReadOnlyMemory<byte> bytes) { var list = new List<ReadOnlyMemory<byte>>(); list.Add(bytes); }
        }
        """);

    [Fact]
    public async Task Sees_streams_of_the_body_and_what_an_object_is_given_later() => await Rule.CheckAsync(
        """
        class Job { public MessageHeaders? Headers { get; set; } public string? Subject { get; set; } }
        [Milter]
        partial class Filter(System.Collections.Concurrent.ConcurrentQueue<Job> jobs, System.Collections.Concurrent.ConcurrentQueue<Stream> streams)
        {
            [OnEom]
            async Task End(MessageHeaders headers, MessageBody body, CancellationToken ct)
            {
                var wrong = new Job();
                wrong.Headers = [|headers|];
                jobs.Enqueue(wrong);
                var right = new Job();
                right.Subject = headers["Subject"];
                jobs.Enqueue(right);
                if (body.IsAvailable)
                {
                    var copy = new MemoryStream();
                    await body.OpenRead().CopyToAsync(copy, ct);
                    streams.Enqueue(copy);
                    streams.Enqueue([|body.OpenRead()|]);
                }
            }
        }
        """);
}
