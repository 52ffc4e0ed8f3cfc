namespace Milter.Protocol.Tests;

/// <summary>Protects that every captured frame is read as what it meant, and written byte for byte as it was.</summary>
public sealed class GoldenVectorTests
{
    public static TheoryData<string> Ids => GoldenVectors.Ids;

    [Fact]
    public void Every_vector_has_an_encoder() =>
        Assert.Equal(Enumerable.Range(1, 76).Select(number => $"V{number:00}"), GoldenEncoders.Table.Keys.Order());

    [Theory, MemberData(nameof(Ids))]
    public void Is_written_byte_for_byte(string id)
    {
        using var buffer = new FrameBuffer();
        GoldenEncoders.Table[id](buffer);
        Assert.Equal(GoldenVectors.Bytes(id), buffer.WrittenSpan.ToArray());
    }

    [Theory, MemberData(nameof(Ids))]
    public void Is_read_as_one_frame_however_it_is_cut(string id)
    {
        byte[] bytes = GoldenVectors.Bytes(id);
        int first = id == "V76" ? 65_540 : bytes.Length;
        for (int cut = 0; cut < first; cut++)
        {
            FrameStatus status = FrameReader.TryRead(bytes.AsSpan(0, cut), MilterLimits.MaxPayload, out _, out int needed);
            if (status != FrameStatus.Incomplete || needed != (cut < 4 ? 0 : first))
            {
                Assert.Fail($"cut at {cut}: {status}, needs {needed}");
            }
        }

        byte[] followed = [.. bytes, 0xFF];
        Assert.Equal(FrameStatus.Complete, FrameReader.TryRead(followed, MilterLimits.MaxPayload, out Frame frame, out int length));
        Assert.Equal(first, length);
        Assert.Equal(bytes[4], frame.Code);
        Assert.Equal(bytes[5..first], frame.Payload.ToArray());
    }

    public static TheoryData<string> ShortIds => [.. GoldenVectors.Short.Keys];

    [Theory, MemberData(nameof(ShortIds))]
    public void Means_what_was_said(string id)
    {
        Assert.Equal(FrameStatus.Complete, FrameReader.TryRead(GoldenVectors.Bytes(id), MilterLimits.MaxPayload, out Frame frame, out _));
        Assert.Equal(GoldenVectors.Short[id].Meaning, WireDescription.Of(frame));
    }

    [Fact]
    public void V76_is_two_frames_of_one_body()
    {
        ReadOnlySpan<byte> rest = GoldenVectors.V76;
        var body = new List<byte>();
        while (!rest.IsEmpty)
        {
            Assert.Equal(FrameStatus.Complete, FrameReader.TryRead(rest, MilterLimits.MaxPayload, out Frame frame, out int length));
            Assert.Equal(MilterReply.ReplaceBody, frame.Reply);
            body.AddRange(frame.Payload.ToArray());
            rest = rest[length..];
        }

        Assert.Equal(GoldenVectors.Filler(70_000), body);
    }
}
