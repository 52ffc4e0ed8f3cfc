using System.Buffers;
using Milter.Limits;
using Milter.Message;

namespace Milter.Runtime.Tests.Message;

/// <summary>Protects that a body is there as a whole or not at all, and says which: at every edge of its limits, in memory and in a file.</summary>
public sealed class MessageBodyTests
{
    private const int Threshold = 10_000;
    private const int Cap = 30_000;

    private static readonly byte[] s_bytes = [.. Enumerable.Range(0, 70_000).Select(i => (byte)(i * 7))];

    [Theory]
    [InlineData(1, false)]
    [InlineData(4_096, false)]
    [InlineData(4_097, false)]
    [InlineData(Threshold - 1, false)]
    [InlineData(Threshold, false)]
    [InlineData(Threshold + 1, true)]
    [InlineData(Cap - 1, true)]
    [InlineData(Cap, true)]
    public async Task A_body_up_to_the_cap_is_there(int length, bool spooled)
    {
        foreach (int chunk in (int[])[1, 999, 65_535])
        {
            MessageBody body = Receive(NewBody(), length, chunk);

            Assert.Equal((MessageBodyState.Available, (long)length, true, null), (body.State, body.Length, body.IsAvailable, body.UnavailableReason));
            Assert.Equal(spooled, body.IsSpooled);
            Assert.Equal(!spooled, body.TryGetMemory(out ReadOnlySequence<byte> memory));
            Assert.True(spooled || memory.ToArray().AsSpan().SequenceEqual(s_bytes.AsSpan(0, length)));
            var copy = new MemoryStream();
            await body.CopyToAsync(copy);
            Assert.True(copy.ToArray().AsSpan().SequenceEqual(s_bytes.AsSpan(0, length)));
            body.Reset();
        }
    }

    [Fact]
    public void No_bytes_are_an_empty_body()
    {
        MessageBody body = Receive(NewBody(), 0, 1);

        Assert.Equal((MessageBodyState.Empty, 0L, true), (body.State, body.Length, body.IsAvailable));
        Assert.Equal(0, body.OpenRead().Read(new byte[10]));
        Assert.True(body.TryGetMemory(out ReadOnlySequence<byte> memory));
        Assert.True(memory.IsEmpty);
    }

    [Theory]
    [InlineData(Cap + 1)]
    [InlineData(65_000)]
    public void A_body_over_the_cap_is_unavailable_and_never_shorter(int length)
    {
        MessageBody body = Receive(NewBody(), length, 4_000);

        Assert.Equal((MessageBodyState.OverCap, (long)length, false, false), (body.State, body.Length, body.IsAvailable, body.IsSpooled));
        Assert.False(body.TryGetMemory(out _));
        Assert.Contains($"{length} bytes, more than the {Cap}", Assert.Throws<InvalidOperationException>(body.OpenRead).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(500)]
    [InlineData(Threshold + 1)]
    public void A_body_cut_by_skip_is_unavailable(int length)
    {
        MessageBody body = Receive(NewBody(), length, 100, cutBySkip: true);

        Assert.Equal((MessageBodyState.CutBySkip, (long)length), (body.State, body.Length));
        Assert.Contains("skipped", Assert.Throws<InvalidOperationException>(body.OpenRead).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("/does/not/exist")]
    [InlineData("/proc/nowhere")]
    [InlineData("bad\0folder")]
    public void A_folder_that_can_not_be_written_makes_the_body_unavailable(string folder)
    {
        MessageBody body = Receive(NewBody(folder), Threshold + 5, 1_000);

        Assert.Equal((MessageBodyState.SpoolFailed, Threshold + 5L), (body.State, body.Length));
        Assert.Contains("temporary file", body.UnavailableReason, StringComparison.Ordinal);
        Assert.Throws<InvalidOperationException>(body.OpenRead);

        Assert.Equal(MessageBodyState.Available, Receive(body, Threshold, 1_000).State);
    }

    [SkippableFact]
    public void A_full_disk_makes_the_body_unavailable()
    {
        Skip.IfNot(OperatingSystem.IsLinux());
        using var spool = new BodySpool(new FileStream("/dev/full", FileMode.Open, FileAccess.Write, FileShare.ReadWrite, 0), new ByteBudget(0));
        Assert.Throws<SpoolFullException>(() => spool.Append(s_bytes));
    }

    [Fact]
    public void Bodies_leave_half_of_the_memory_to_what_has_no_file_to_go_to()
    {
        var options = new MilterOptions { MemoryBudget = 100_000 };
        var limits = new ProcessLimits(options);
        using var first = new BodyStore(options, limits);
        using var second = new BodyStore(options, limits);
        first.Append(new byte[40_000]);
        second.Append(new byte[20_000]);

        Assert.False(first.IsSpooled);
        Assert.True(second.IsSpooled);
        Assert.False(limits.Memory.IsOver);
    }

    [SkippableFact]
    public void The_file_has_no_name_and_is_gone_afterwards()
    {
        Skip.If(OperatingSystem.IsWindows());
        string folder = Directory.CreateTempSubdirectory("attrmilter").FullName;
        try
        {
            MessageBody body = Receive(NewBody(folder), Cap, 4_000);

            Assert.True(body.IsSpooled);
            Assert.Empty(Directory.GetFiles(folder));
            body.Reset();
            Assert.False(body.IsSpooled);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    [Theory]
    [InlineData(Threshold)]
    [InlineData(Cap)]
    public async Task Streams_read_anywhere_each_at_its_own_place(int length)
    {
        MessageBody body = Receive(NewBody(), length, 777);
        Stream first = body.OpenRead(), second = body.OpenRead();
        byte[] buffer = new byte[100];

        second.Seek(-50, SeekOrigin.End);
        Assert.Equal(100, await first.ReadAsync(buffer.AsMemory()));
        Assert.Equal(s_bytes[..100], buffer);
        Assert.Equal(50, await second.ReadAsync(buffer.AsMemory()));
        Assert.Equal(s_bytes[(length - 50)..length], buffer[..50]);
        Assert.Equal(0, await second.ReadAsync(buffer.AsMemory()));
        first.Position = 4_090;
        Assert.Equal(100, first.Read(buffer));
        Assert.Equal(s_bytes[4_090..4_190], buffer);
        Assert.Equal(length, first.Length);
        Assert.False(first.CanWrite);
        Assert.Throws<NotSupportedException>(() => first.WriteByte(1));
        body.Reset();
    }

    [Fact]
    public void One_body_after_another_has_only_its_own_bytes()
    {
        MessageBody body = NewBody();
        foreach (int length in (int[])[Cap, 10, Cap + 1, 0, Threshold + 1, Threshold])
        {
            Receive(body, length, 4_000);
            Assert.Equal(length <= Cap, body.IsAvailable);
            Assert.Equal(length, body.Length);
            if (length <= Cap)
            {
                byte[] read = new byte[length];
                Assert.Equal(length, body.OpenRead().ReadAtLeast(read, length));
                Assert.True(read.AsSpan().SequenceEqual(s_bytes.AsSpan(0, length)));
            }
        }
    }

    [Theory]
    [InlineData(100)]
    [InlineData(Cap)]
    public void It_throws_before_its_time_and_after(int length)
    {
        MessageBody body = NewBody();
        body.Begin();
        body.Append("x"u8);
        Assert.Contains("not before", Assert.Throws<InvalidOperationException>(() => body.Length).Message, StringComparison.Ordinal);

        Stream stream = Receive(body, length, 1_000).OpenRead();
        body.Abandon();

        Assert.Contains("after its time", Assert.Throws<InvalidOperationException>(() => body.State).Message, StringComparison.Ordinal);
        Assert.Throws<InvalidOperationException>(() => stream.Read(new byte[10]));
        Assert.Throws<InvalidOperationException>(() => body.TryGetMemory(out _));
    }

    private static MessageBody NewBody(string? folder = null)
    {
        var options = new MilterOptions { BodyMemoryThreshold = Threshold, MaxBodySize = Cap, SpoolFolder = folder };
        return new MessageBody(options, new ProcessLimits(options));
    }

    private static MessageBody Receive(MessageBody body, int length, int chunk, bool cutBySkip = false)
    {
        body.Begin();
        for (int at = 0; at < length; at += chunk)
        {
            body.Append(s_bytes.AsSpan(at, Math.Min(chunk, length - at)));
        }

        body.Complete(cutBySkip);
        return body;
    }
}
