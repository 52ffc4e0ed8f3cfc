using FsCheck;
using FsCheck.Fluent;
using Milter.Tests;

namespace Milter.Protocol.Tests.Properties;

/// <summary>Protects what the codec stands on: text that comes back unharmed, buffers that lose nothing, bodies in frames, endpoints.</summary>
public sealed class BufferProperties
{
    private static readonly Gen<string> s_anyString = Gen.OneOf(
        Gen.Choose(0, 0xFFFF).Select(unit => (char)unit),
        Gen.Choose(0xD780, 0xE010).Select(unit => (char)unit),
        Gen.Choose(0, 127).Select(unit => (char)unit)).ArrayOf().Select(units => new string(units));

    [Fact]
    public void Any_bytes_are_the_same_after_they_were_text() => Always.Holds(
        Bytes.Anything,
        bytes => Assert.Equal(bytes, WireText.GetBytes(WireText.GetString(bytes))),
        2_000,
        Always.Shorter);

    [Fact]
    public void Any_text_has_as_many_bytes_as_are_counted_and_written() => Always.Holds(
        s_anyString,
        text =>
        {
            byte[] bytes = WireText.GetBytes(text);
            Assert.Equal(bytes.Length, WireText.GetByteCount(text));
            byte[] room = new byte[bytes.Length + 3];
            Assert.Equal(bytes.Length, WireText.GetBytes(text, room));
            Assert.Equal(bytes, room[..bytes.Length]);
            Assert.Equal(bytes, WireText.GetBytes(WireText.GetString(bytes)));
        },
        2_000);

    [Fact]
    public void A_buffer_has_what_was_written_whatever_is_done_with_it() => Always.Holds(
        Gen.Choose(0, 6).Zip(Bytes.Anything).ArrayOf(),
        steps =>
        {
            using var buffer = new FrameBuffer();
            using var other = new FrameBuffer(16);
            var expected = new List<byte>();
            foreach ((int step, byte[] bytes) in steps)
            {
                switch (step)
                {
                    case 0:
                        buffer.Clear();
                        expected.Clear();
                        break;
                    case 1:
                        buffer.Clear();
                        buffer.Trim(bytes.Length);
                        expected.Clear();
                        break;
                    case 2:
                        int length = expected.Count == 0 ? 0 : bytes.Length % (expected.Count + 1);
                        buffer.Truncate(length);
                        expected.RemoveRange(length, expected.Count - length);
                        break;
                    case 3:
                        other.WriteFrame((byte)'b', bytes);
                        expected.AddRange(other.WrittenSpan);
                        buffer.TakeFrom(other);
                        Assert.Equal(0, other.Length);
                        break;
                    case 4:
                        bytes.CopyTo(buffer.GetSpan(bytes.Length));
                        buffer.Advance(bytes.Length);
                        expected.AddRange(bytes);
                        break;
                    default:
                        buffer.WriteFrame((byte)'B', bytes);
                        expected.AddRange([0, (byte)((bytes.Length + 1) >> 16), (byte)((bytes.Length + 1) >> 8), (byte)(bytes.Length + 1), (byte)'B', .. bytes]);
                        break;
                }

                Assert.True(buffer.WrittenSpan.SequenceEqual(expected.ToArray()));
            }
        },
        300,
        Always.Shorter);

    [Fact]
    public void An_endpoint_is_read_or_refused_with_its_own_exception_and_read_again_as_it_says_itself() => Always.Holds(
        Gen.OneOf(
            s_anyString,
            Gen.Elements("inet", "inet6", "unix", "local", "fd", "systemd", ":", "@", "[", "]", "::1", "127.0.0.1", "localhost", "9199", "0", "65536", "/run/a/b.sock", "-", " ", "", "é", "%")
                .ArrayOf().Select(parts => string.Concat(parts))),
        text =>
        {
            MilterEndPoint endPoint;
            try
            {
                endPoint = MilterEndPoint.Parse(text);
            }
            catch (MilterEndPointException e)
            {
                Assert.NotEmpty(e.Message);
                return;
            }

            Assert.Equal(endPoint, MilterEndPoint.Parse(endPoint.ToString()));
        },
        3_000);
}
