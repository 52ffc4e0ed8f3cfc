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
            [OnMail] void Mail(EnvelopeAddress from) => {|MILTER110:_from|} = [|from|];
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
}
