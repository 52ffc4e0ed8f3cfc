using System.Text;
using Milter.Limits;
using Milter.Message;
using Milter.Protocol;

namespace Milter.Runtime.Tests.Message;

/// <summary>Protects new bodies that are made of pieces of the one that came: in order, to the byte, without copies, and from nothing but what is the message's own.</summary>
public sealed class BodyPieceTests
{
    private const string Came = "first line\r\nsecond line\r\nthird line\r\n";

    public static TheoryData<int> Thresholds => new(0, 20, 1 << 20);

    [Theory, MemberData(nameof(Thresholds))]
    public void A_footer_goes_below_the_body_that_came(int threshold)
    {
        using var message = new Kept(threshold, Came);
        message.Editor.AppendOriginal();
        message.Editor.Append("-- \r\nfooter\r\n"u8);

        Assert.Equal(Came + "-- \r\nfooter\r\n", message.Sent());
    }

    [Theory, MemberData(nameof(Thresholds))]
    public void A_banner_goes_above_it(int threshold)
    {
        using var message = new Kept(threshold, Came);
        message.Editor.Replace("banner\n");
        message.Editor.AppendOriginal();

        Assert.Equal("banner\r\n" + Came, message.Sent());
    }

    [Theory, MemberData(nameof(Thresholds))]
    public async Task Ranges_bytes_and_streams_come_in_the_order_of_the_calls(int threshold)
    {
        using var message = new Kept(threshold, Came);
        message.Editor.AppendOriginal(0, 12);
        message.Editor.AppendUncopied("given\r\n"u8.ToArray());
        await message.Editor.AppendAsync(new MemoryStream("read\r\n"u8.ToArray()));
        message.Editor.Append("text\n");
        message.Editor.AppendOriginal(25, 12);
        message.Editor.AppendOriginal(0, 0);
        message.Editor.AppendUncopied(default);
        await message.Editor.AppendAsync(new MemoryStream());
        message.Editor.AppendOriginal(0, 6);

        Assert.Equal("first line\r\ngiven\r\nread\r\ntext\r\nthird line\r\nfirst ", message.Sent());
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1 << 20)]
    public void Pieces_are_cut_into_packets_wherever_they_end(int threshold)
    {
        string came = string.Concat(Enumerable.Range(0, 20_000).Select(i => $"line {i}\r\n"));
        using var message = new Kept(threshold, came);
        message.Editor.AppendOriginal(0, 65_000);
        message.Editor.Append("middle\n");
        message.Editor.AppendOriginal(65_000, came.Length - 65_000);

        Assert.Equal(came[..65_000] + "middle\r\n" + came[65_000..], message.Sent());
        Assert.All(message.Packets[..^1], length => Assert.Equal(MilterLimits.MaxPayload, length));
    }

    [Theory, MemberData(nameof(Thresholds))]
    public void What_is_sent_after_the_message_has_ended_is_still_its_own(int threshold)
    {
        using var message = new Kept(threshold, Came);
        message.Editor.AppendOriginal();
        message.Editor.Append("footer\n");

        string sent = message.Sent(meanwhile: () =>
        {
            message.State.Reset();
            message.State.Begin();
            message.State.AppendBody("another message, which is long enough to take the place of the first\r\n"u8);
        });

        Assert.Equal(Came + "footer\r\n", sent);
        message.State.Reset();
        Assert.Equal((0, 0), (message.Limits.Spool.Used, message.Limits.Memory.Used));
    }

    [Theory, MemberData(nameof(Thresholds))]
    public void What_is_sent_while_a_late_handler_may_still_read_is_let_go_once(int threshold)
    {
        using var message = new Kept(threshold, Came);
        message.Editor.AppendOriginal();

        Assert.Equal(Came, message.Sent(meanwhile: () => message.State.Abandon().Dispose()));
        Assert.Equal((0, 0), (message.Limits.Spool.Used, message.Limits.Memory.Used));
    }

    [Theory, MemberData(nameof(Thresholds))]
    public void A_plan_that_is_left_to_a_late_handler_holds_no_file_and_no_budget(int threshold)
    {
        using var message = new Kept(threshold, Came);
        message.Editor.Replace(new byte[100_000]);
        message.Editor.AppendOriginal();
        message.Bench.Plan.Renew();
        message.State.Abandon().Dispose();

        Assert.Equal((0, 0), (message.Limits.Spool.Used, message.Limits.Memory.Used));
    }

    [Fact]
    public void A_plan_that_is_given_up_leaves_the_body_where_it_is()
    {
        using var message = new Kept(20, Came);
        message.Editor.AppendOriginal();
        message.Bench.Plan.Reset();

        using var reader = new StreamReader(message.State.Body.OpenRead());
        Assert.Equal(Came, reader.ReadToEnd());
    }

    [Fact]
    public async Task A_stream_that_fails_adds_nothing()
    {
        using var message = new Kept(20, Came);
        message.Editor.AppendOriginal(0, 5);
        await Assert.ThrowsAsync<IOException>(() => message.Editor.AppendAsync(new HalfStream()));
        message.Editor.Append("!");

        Assert.Equal("first!", message.Sent());
    }

    [Fact]
    public void A_new_body_of_nothing_is_an_empty_one()
    {
        using var message = new Kept(20, "");
        message.Editor.AppendOriginal();

        Assert.Equal("", message.Sent());
        Assert.Equal([0], message.Packets);
    }

    [Fact]
    public void A_line_feed_that_a_text_owes_comes_from_the_next_piece_where_that_has_it()
    {
        using var message = new Kept(20, Came);
        message.Editor.Replace("a\r");
        message.Editor.AppendOriginal(11, 1);
        message.Editor.Append("b\r");
        message.Editor.AppendOriginal(0, 1);
        message.Editor.Append("\r");
        message.Editor.AppendUncopied("\nx"u8.ToArray());

        Assert.Equal("a\r\nb\r\nf\r\nx", message.Sent());
    }

    [Fact]
    public void A_body_that_nobody_collected_is_no_piece()
    {
        PlanBench bench = new PlanBench("Subject: one").Begin();

        Assert.Contains("[Needs(Body = true)]", Assert.Throws<InvalidOperationException>(bench.Plan.BodyEditor.AppendOriginal).Message, StringComparison.Ordinal);
        Assert.Empty(bench.Packets());
    }

    [Fact]
    public void A_body_over_its_cap_is_none_either_and_says_which_limit()
    {
        using var message = new Kept(20, Came, cap: 10);

        Assert.Contains("more than the 10 that are kept", Assert.Throws<InvalidOperationException>(message.Editor.AppendOriginal).Message, StringComparison.Ordinal);
        Assert.Equal("", message.Sent());
    }

    [Theory]
    [InlineData(-1, 1)]
    [InlineData(0, -1)]
    [InlineData(0, 38)]
    [InlineData(38, 0)]
    [InlineData(30, long.MaxValue)]
    public void A_range_that_the_body_has_not_is_refused(long start, long length)
    {
        using var message = new Kept(20, Came);

        Assert.Throws<ArgumentOutOfRangeException>(() => message.Editor.AppendOriginal(start, length));
        Assert.Equal("", message.Sent());
    }

    [Theory]
    [InlineData(0)]
    [InlineData(64 << 20)]
    public void A_footer_copies_nothing_of_a_large_body(int threshold)
    {
        using var message = new Kept(threshold, new string('x', 8 << 20));
        long sent = 0;
        long before = GC.GetAllocatedBytesForCurrentThread();
        message.Editor.AppendOriginal();
        message.Editor.Append("footer\r\n"u8);
        message.Send(bytes => sent += bytes.Length);
        long allocated = GC.GetAllocatedBytesForCurrentThread() - before;

        Assert.InRange(sent, 8 << 20, 9 << 20);
        Assert.InRange(allocated, 0, 256 << 10);
    }

    /// <summary>A message whose body is kept, at its end.</summary>
    private sealed class Kept : IDisposable
    {
        public Kept(int threshold, string body, long cap = 64 << 20)
        {
            var options = new MilterOptions { BodyMemoryThreshold = threshold, MaxBodySize = cap };
            Limits = new ProcessLimits(options);
            State = new MessageState(new MilterDescriptor { ContractVersion = MilterDescriptor.CurrentContractVersion, Name = "Test", Collects = CollectedData.Body }, options, Limits);
            State.Begin();
            State.AppendBody(Encoding.ASCII.GetBytes(body));
            State.Body.Complete(cutBySkip: false);
            Bench = new PlanBench(State, options, Limits).Begin();
        }

        public PlanBench Bench { get; }

        public ProcessLimits Limits { get; }

        public MessageState State { get; }

        public BodyEditor Editor => Bench.Plan.BodyEditor;

        public List<int> Packets { get; } = [];

        public string Sent(Action? meanwhile = null)
        {
            ReadOnlySpan<byte> frames = Bench.Bytes(meanwhile: meanwhile);
            var body = new StringBuilder();
            while (!frames.IsEmpty)
            {
                Assert.Equal(FrameStatus.Complete, FrameReader.TryRead(frames, MilterLimits.MaxPayload, out Frame frame, out int length));
                Assert.Equal(MilterReply.ReplaceBody, frame.Reply);
                Packets.Add(frame.Payload.Length);
                body.Append(Encoding.ASCII.GetString(frame.Payload));
                frames = frames[length..];
            }

            return body.ToString();
        }

        public void Send(Action<ReadOnlyMemory<byte>> taken) => Bench.Send(taken);

        public void Dispose()
        {
            Bench.Plan.Dispose();
            State.Dispose();
        }
    }

    private sealed class HalfStream : MemoryStream
    {
        private bool _begun;

        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
        {
            if (_begun)
            {
                throw new IOException("broken");
            }

            _begun = true;
            buffer.Span[..10].Fill((byte)'?');
            return new(10);
        }
    }
}
