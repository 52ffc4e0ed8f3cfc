namespace Milter.Protocol.Tests;

/// <summary>Protects what is made of the bad input on which libmilter drops, hangs or guesses (X01 to X22 of docs/protocol.md).</summary>
public sealed class BadInputTests
{
    [Theory]
    [InlineData("X01", "00000000", FrameStatus.Empty)]
    [InlineData("X02", "00000000000000064d3c6140623e", FrameStatus.Empty)]
    [InlineData("X04", "7fffffff4d", FrameStatus.TooLong)]
    [InlineData("X05", "800000014d", FrameStatus.TooLong)]
    public void Is_no_frame(string id, string hex, FrameStatus expected)
    {
        Assert.StartsWith("X", id, StringComparison.Ordinal);
        Assert.Equal(expected, FrameReader.TryRead(Convert.FromHexString(hex), MilterLimits.MaxPayload, out _, out int length));
        Assert.Equal(0, length);
    }

    [Fact]
    public void X03_is_refused_by_its_length_alone()
    {
        byte[] length = Convert.FromHexString("00010001");
        Assert.Equal(FrameStatus.TooLong, FrameReader.TryRead(length, MilterLimits.MaxPayload, out _, out _));
        byte[] frame = [.. length, (byte)'B', .. new byte[65_536]];
        Assert.Equal(FrameStatus.TooLong, FrameReader.TryRead(frame, MilterLimits.MaxPayload, out _, out _));
        Assert.Equal(FrameStatus.Complete, FrameReader.TryRead(frame, MilterLimits.MaxPayload256K, out _, out _));
    }

    [Theory]
    [InlineData("X06", "000000025a78", "Z")]
    [InlineData("X07", "000000094f00000006000001ff", "error: OPTNEG is shorter than its 12 bytes of version, actions and protocol")]
    [InlineData("X08", "000000114f00000006000001ff001fffff00000007", "O 6 1ff 1fffff [7 ]")]
    [InlineData("X09", "0000000d4f000000010000000f0000003f", "O 1 f 3f")]
    [InlineData("X10", "0000000448616263", "H abc")]
    [InlineData("X11", "0000000148", "error: a command that carries text has no payload")]
    [InlineData("X12", "000000064d3c6140623e", "M <a@b>")]
    [InlineData("X13", "000000024d00", "M ")]
    [InlineData("X14", "0000000b4c5375626a656374006869", "L Subject: hi")]
    [InlineData("X15", "000000044c007600", "error: HEADER has an empty name")]
    [InlineData("X16", "000000074c530061006200", "L S: a")]
    [InlineData("X17", "000000144368003600195b323030313a6462383a3a315d00", "C h IPv6 25 [2001:db8::1]")]
    [InlineData("X18", "0000000e436800340019756e6b6e6f776e00", "C h IPv4 25 unknown")]
    [InlineData("X19", "0000000d436c6f63616c686f7374005500", "C localhost Unknown 0 ")]
    [InlineData("X20", "0000000144", "error: MACRO does not say to which command it belongs")]
    [InlineData("X21", "00000006445a6a007600", "D Z j=v")]
    [InlineData("X22", "00000007523c6340643e00", "R <c@d>")]
    public void Is_read_as_far_as_it_is_clear(string id, string hex, string expected)
    {
        Assert.StartsWith("X", id, StringComparison.Ordinal);
        Assert.Equal(FrameStatus.Complete, FrameReader.TryRead(Convert.FromHexString(hex), MilterLimits.MaxPayload, out Frame frame, out _));
        Assert.Equal(expected, WireDescription.Of(frame));
    }

    [Theory]
    [InlineData("43", "error: CONNECT has no NUL after the host name")]
    [InlineData("4368", "error: CONNECT has no NUL after the host name")]
    [InlineData("436800", "error: CONNECT ends before the address family")]
    [InlineData("43680037", "error: CONNECT has an address family other than U, L, 4 and 6")]
    [InlineData("4368003400", "error: CONNECT ends before the address")]
    [InlineData("436800340019", "error: CONNECT ends before the address")]
    [InlineData("4368003400193132372e302e302e31", "C h IPv4 25 127.0.0.1")]
    [InlineData("4300550000", "C  Unknown 0 ")]
    [InlineData("4d", "error: MAIL or RCPT has no address")]
    [InlineData("4d61004100004200", "M a (A) () (B)")]
    [InlineData("4d61004142", "M a (AB)")]
    [InlineData("4c", "error: HEADER has no NUL after the name")]
    [InlineData("4c53", "error: HEADER has no NUL after the name")]
    [InlineData("4c5300", "L S: ")]
    [InlineData("444369", "D C i=")]
    [InlineData("44436900", "D C i=")]
    [InlineData("4443690076006a00", "D C i=v; j=")]
    [InlineData("4443690076", "D C i=v")]
    [InlineData("4f00000006000001ff001fffff00000005", "O 6 1ff 1fffff [5 ]")]
    [InlineData("4f00000006000001ff001fffff000000056900000000", "O 6 1ff 1fffff [5 i]")]
    public void Payload_is_read_as_far_as_it_is_clear(string hex, string expected)
    {
        byte[] bytes = Convert.FromHexString(hex);
        Assert.Equal(expected, WireDescription.Of(new Frame(bytes[0], bytes.AsSpan(1))));
    }

    [Theory]
    [InlineData("", null)]
    [InlineData("000000056900", null)]
    [InlineData("00000005690000000006", "OPTNEG has a macro list without its NUL")]
    [InlineData("000000056900000000", "OPTNEG ends inside the stage number of a macro list")]
    public void Symbol_lists_are_judged_on_demand(string lists, string? expected)
    {
        byte[] payload = [.. new byte[12], .. Convert.FromHexString(lists)];
        Assert.True(OptNegPayload.TryRead(payload, out OptNegPayload value, out _));
        Assert.Equal(expected, value.CheckSymbolLists());
    }

    [Theory]
    [InlineData("IPv6:::1", "::1")]
    [InlineData("ipV6:fe80::1", "fe80::1")]
    [InlineData("::1", "::1")]
    [InlineData("IPv6", "IPv6")]
    public void Ipv6_prefix_is_taken_off_in_any_case(string address, string expected)
    {
        byte[] payload = [.. "h\0"u8, (byte)'6', 0, 25, .. WireText.GetBytes(address), 0];
        Assert.True(ConnectPayload.TryRead(payload, out ConnectPayload value, out _));
        Assert.Equal(expected, WireText.GetString(value.PlainAddress));
        Assert.Equal(address, WireText.GetString(value.Address));
    }
}
