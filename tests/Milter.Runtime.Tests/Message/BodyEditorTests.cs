using System.Buffers;
using System.Text;

namespace Milter.Runtime.Tests.Message;

/// <summary>Protects that a new body goes out whole, in one run of packets, or not at all.</summary>
public sealed class BodyEditorTests
{
    private readonly PlanBench _bench = new("Subject: one");

    private BodyEditor Body => _bench.Plan.BodyEditor;

    [Fact]
    public void Strings_get_CR_LF_and_bytes_stay()
    {
        _bench.Begin();
        Body.Replace("a\nb\r\nc\r");
        Body.Append("\nd\n"u8);
        Body.Append("e\n");
        Body.Append(new ReadOnlySequence<byte>("f"u8.ToArray()));

        Assert.Equal("a\r\nb\r\nc\r\nd\ne\r\nf", Sent());
    }

    [Theory]
    [InlineData(new[] { "a\rb" }, "a\r\nb")]
    [InlineData(new[] { "a\r\rb\r" }, "a\r\n\r\nb\r\n")]
    [InlineData(new[] { "a\r", "\nb" }, "a\r\nb")]
    [InlineData(new[] { "a\r", "b" }, "a\r\nb")]
    [InlineData(new[] { "a\r", "", "\n\rb" }, "a\r\n\r\nb")]
    [InlineData(new[] { "a\n\r\nb" }, "a\r\n\r\nb")]
    public void A_bare_CR_in_a_text_is_a_line_end(string[] parts, string expected)
    {
        _bench.Begin();
        Body.Replace(parts[0]);
        foreach (string more in parts[1..])
        {
            Body.Append(more);
        }

        Assert.Equal(expected, Sent());
    }

    [Fact]
    public void The_last_replacement_counts()
    {
        _bench.Begin();
        Body.Replace("long first body");
        Body.Replace(new ReadOnlySequence<byte>("second"u8.ToArray()));

        Assert.Equal("second", Sent());
    }

    [Fact]
    public void Clear_sends_one_empty_packet()
    {
        _bench.Begin();
        Body.Replace("something");
        Body.Clear();

        Assert.Equal(["b 0"], _bench.Packets());
        Body.Append("new");
        Assert.Equal("new", Sent());
    }

    [Fact]
    public void A_long_body_is_cut_into_packets_one_after_another_behind_the_header()
    {
        _bench.Begin();
        _bench.Plan.Quarantine.Hold("why");
        Body.Replace(new byte[140_000]);
        _bench.Plan.EnvelopeEditor.AddRecipient("a@b");
        _bench.Plan.HeaderEditor.Append("X", "1");

        Assert.Equal(["i 1000000000 X: 1", "b 65535", "b 65535", "b 8930", "+ <a@b>", "q why"], _bench.Packets());
    }

    [Fact]
    public void There_is_nothing_to_append_to_before_a_new_body_has_begun()
    {
        _bench.Begin();
        Assert.Contains("AppendOriginal", Assert.Throws<InvalidOperationException>(() => Body.Append("more")).Message, StringComparison.Ordinal);

        Assert.Empty(_bench.Packets());
    }

    [Fact]
    public async Task A_stream_is_read_to_its_end()
    {
        _bench.Begin();
        byte[] body = [.. Enumerable.Range(0, 100_000).Select(i => (byte)i)];
        await Body.ReplaceAsync(new MemoryStream(body));

        Assert.Equal(["b 65535", "b 34465"], _bench.Packets());
    }

    [Fact]
    public async Task A_stream_that_fails_leaves_the_body_as_it_was()
    {
        _bench.Begin();
        Body.Replace("before");
        await Assert.ThrowsAsync<IOException>(() => Body.ReplaceAsync(new BrokenStream()));

        Assert.Equal("before", Sent());
    }

    [Theory]
    [InlineData(998, 0, 0)]
    [InlineData(999, 2, 999)]
    [InlineData(70_000, 2, 70_000)]
    public void Lines_that_MTAs_break_are_counted_by_option_whatever_they_end_with_and_in_whatever_pieces(int length, int count, long longest)
    {
        string line = new('x', length);
        PlanBench bench = new(options => options.WarnOfLongLines = true, "Subject: one");
        bench.Begin();
        bench.Plan.BodyEditor.Replace("short\n");
        bench.Plan.BodyEditor.Append(line[..400]);
        bench.Plan.BodyEditor.Append(line[400..] + "\r");
        bench.Plan.BodyEditor.Append("\n"u8);
        bench.Plan.BodyEditor.Append(System.Text.Encoding.ASCII.GetBytes(line));
        bench.Bytes();

        Assert.Equal((count, longest), (bench.Outcome.LongLines.Count, bench.Outcome.LongLines.Longest));

        bench.Begin();
        bench.Plan.BodyEditor.Replace("short");
        bench.Bytes();
        Assert.Equal(0, bench.Outcome.LongLines.Count);
    }

    [Fact]
    public void Lines_are_not_counted_unless_asked_for()
    {
        _bench.Begin();
        Body.Replace(new string('x', 2000));
        _bench.Bytes();

        Assert.Equal(0, _bench.Outcome.LongLines.Count);
    }

    private string Sent() => Encoding.UTF8.GetString(_bench.Bytes().AsSpan(5));

    private sealed class BrokenStream : MemoryStream
    {
        private bool _begun;

        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
        {
            if (_begun)
            {
                throw new IOException("broken");
            }

            _begun = true;
            return new(10);
        }
    }
}
