using Milter.Protocol;
using Milter.Session;
using Milter.Testing;
using Milter.Transport;

namespace Milter.Runtime.Tests.Session;

/// <summary>Protects memory from an MTA that asks and does not listen.</summary>
public sealed class BackPressureTests : IConnectionOwner
{
    private readonly List<byte> _taken = [];
    private int _takes;

    [Fact]
    public void Of_an_MTA_that_takes_nothing_no_more_is_read_than_the_bound_allows_and_then_all_is_answered()
    {
        const int Asked = 20_000;
        var settings = SessionSettings.Of(
            SessionDriver.Everything(), _ => new TestFilter((at, _) => new(at == MilterStages.Unknown ? Verdict.Reject(550, "5.7.1", new string('x', 900)) : default)), new Nothing(), new TestLog(), new MilterOptions());
        var wire = new MemoryWire(Take);
        var connection = new Connection(this, settings, wire, "c1", "test");
        connection.Start();
        using var frames = new FrameBuffer();
        CommandWriter.OptNeg(frames, 6, (MilterActions)0x1FF, (ProtocolSteps)0x1FFFFF);
        for (int i = 0; i < Asked; i++)
        {
            CommandWriter.Unknown(frames, "VERB");
        }

        wire.Send(frames.WrittenSpan);
        Assert.InRange(connection.Unsent, 64 * 1024, 80 * 1024);
        Assert.InRange(settings.Limits.Memory.Used, 1, 2 * Scratch.Size + 80 * 1024);

        for (int i = 0; i < 1_000 && connection.Unsent > 0; i++)
        {
            _takes = 100_000;
            wire.TakeMore();
            Assert.InRange(connection.Unsent, 0, 80 * 1024);
        }

        Assert.Equal(Asked + 1, Count());
        Assert.Equal(0, settings.Limits.Memory.Used);
    }

    [Fact]
    public void A_new_body_of_some_megabytes_is_framed_as_it_is_taken_and_the_verdict_comes_last()
    {
        const int Size = 5_000_000;
        byte[] body = [.. Enumerable.Range(0, Size).Select(static i => (byte)i)];
        var settings = SessionSettings.Of(
            SessionDriver.Need((MilterStages)0x3FFF),
            _ => new TestFilter((at, step) =>
            {
                if (at == MilterStages.Eom)
                {
                    step.HeaderAdder.Add("X-One"u8, "1"u8);
                    step.BodyEditor.Replace(body);
                    step.EnvelopeEditor.AddRecipient("joe@example.test");
                }

                return default;
            }),
            new Nothing(),
            new TestLog(),
            new MilterOptions());
        var wire = new MemoryWire(Take);
        var connection = new Connection(this, settings, wire, "c1", "test");
        connection.Start();
        _takes = 1_000;
        using var frames = new FrameBuffer();
        CommandWriter.OptNeg(frames, 6, (MilterActions)0x1FF, (ProtocolSteps)0x1FFFFF);
        CommandWriter.Mail(frames, "<a@example.test>");
        CommandWriter.EndOfMessage(frames);
        CommandWriter.Mail(frames, "<b@example.test>");
        wire.Send(frames.WrittenSpan);
        for (int i = 0; i < 10_000 && connection.Unsent > 0; i++)
        {
            Assert.InRange(connection.Unsent, 0, 80 * 1024);
            _takes = 10_000;
            wire.TakeMore();
        }

        List<(char Code, byte[] Payload)> sent = Frames();
        Assert.Equal("Ocib+cc", string.Concat(sent.Select(static frame => frame.Code).Aggregate("", static (text, code) => text.EndsWith('b') && code == 'b' ? text : text + code)));
        Assert.Equal(body, sent.Where(static frame => frame.Code == 'b').SelectMany(static frame => frame.Payload));
        Assert.Equal(0, settings.Limits.Spool.Used);
    }

    void IConnectionOwner.Wake()
    {
    }

    void IConnectionOwner.BeforeBlocking()
    {
    }

    void IConnectionOwner.Ended(Connection connection)
    {
    }

    private int Take(ReadOnlyMemory<byte> frames)
    {
        int count = Math.Min(_takes, frames.Length);
        _takes -= count;
        _taken.AddRange(frames.Span[..count]);
        return count;
    }

    private int Count() => Frames().Count;

    private List<(char Code, byte[] Payload)> Frames()
    {
        var frames = new List<(char, byte[])>();
        for (ReadOnlySpan<byte> rest = _taken.ToArray(); FrameReader.TryRead(rest, MilterLimits.MaxPayload, out Frame frame, out int length) == FrameStatus.Complete; rest = rest[length..])
        {
            frames.Add(((char)frame.Code, frame.Payload.ToArray()));
        }

        return frames;
    }

    private sealed class Nothing : IServiceProvider
    {
        public object? GetService(Type serviceType) => null;
    }
}
