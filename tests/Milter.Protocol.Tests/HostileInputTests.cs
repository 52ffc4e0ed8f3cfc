namespace Milter.Protocol.Tests;

/// <summary>Protects that no bytes from the other side, however chosen, make a decoder throw.</summary>
public sealed class HostileInputTests
{
    private static readonly byte[] s_codes = [.. "ODCHMRTLNBEUAQK"u8, .. "cadrtyspOl4f+2-ehimbq"u8, 0, 0xFF];

    // Bytes that mean something somewhere come up often, so that the decoders get far.
    private static readonly byte[] s_spice = [0, 0, 0, 0, .. "UL46-%  \r\n245.0"u8, 0x80, 0xC3, 0xED, 0xFF];

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void Random_payloads_are_read_or_refused(int seed)
    {
        var random = new Random(seed);
        for (int i = 0; i < 60_000; i++)
        {
            byte[] payload = new byte[random.Next(random.Next(1, 64))];
            random.NextBytes(payload);
            for (int spiced = random.Next(payload.Length + 1); spiced > 0; spiced--)
            {
                payload[random.Next(payload.Length)] = s_spice[random.Next(s_spice.Length)];
            }

            Read(s_codes[random.Next(s_codes.Length)], payload);
        }
    }

    [Fact]
    public void Captured_frames_with_one_byte_changed_are_read_or_refused()
    {
        var random = new Random(4);
        foreach (string id in GoldenVectors.Short.Keys)
        {
            byte[] bytes = GoldenVectors.Bytes(id);
            for (int at = 5; at < bytes.Length; at++)
            {
                byte[] changed = [.. bytes];
                changed[at] = (byte)(at % 2 == 0 ? 0 : random.Next(256));
                Read(changed[4], changed[5..]);
                Read(changed[4], changed[5..at]);
            }
        }
    }

    [Fact]
    public void Random_streams_are_framed_or_refused()
    {
        var random = new Random(5);
        for (int i = 0; i < 20_000; i++)
        {
            byte[] bytes = new byte[random.Next(64)];
            random.NextBytes(bytes);
            bytes.AsSpan(0, Math.Min(bytes.Length, random.Next(5))).Clear();
            FrameStatus status = FrameReader.TryRead(bytes, random.Next(1 << random.Next(1, 31)), out _, out int length);
            Assert.Equal(status == FrameStatus.Complete, length > 0 && length <= bytes.Length);
        }
    }

    private static void Read(byte code, byte[] payload)
    {
        Assert.NotEmpty(WireDescription.Of(new Frame(code, payload)));
        if (OptNegPayload.TryRead(payload, out OptNegPayload negotiation, out _))
        {
            _ = negotiation.CheckSymbolLists();
        }

        if (ConnectPayload.TryRead(payload, out ConnectPayload connect, out _))
        {
            Assert.True(Enum.IsDefined(connect.Family));
            _ = connect.PlainAddress;
        }

        if (EnvelopePayload.TryRead(payload, out EnvelopePayload envelope, out _))
        {
            Assert.Equal(envelope.Arguments.Count(), envelope.Arguments.ToStrings().Length);
        }

        if (ReplyCodePayload.TryRead(payload, out ReplyCodePayload reply, out _))
        {
            Assert.InRange(reply.Code, 400, 599);
            Assert.Equal(reply.GetLines().Length, reply.GetTexts().Length);
        }
    }
}
