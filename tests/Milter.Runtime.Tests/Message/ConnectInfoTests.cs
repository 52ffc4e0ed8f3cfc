using System.Net;
using Milter.Protocol;

namespace Milter.Runtime.Tests.Message;

/// <summary>Protects how the SMTP client is read, as Postfix and Sendmail tell it, and that "local" is not said of anybody who merely calls himself so.</summary>
public sealed class ConnectInfoTests
{
    [Theory]
    [InlineData('4', "192.0.2.1", "192.0.2.1")]
    [InlineData('6', "IPv6:2001:db8:0:0:0:0:0:1", "2001:db8::1")]
    [InlineData('6', "ipV6:::1", "::1")]
    [InlineData('6', "::ffff:192.0.2.1", "::ffff:192.0.2.1")]
    [InlineData('4', "192.0.2", null)]
    [InlineData('4', "1", null)]
    [InlineData('4', "0x7f.0.0.1", null)]
    [InlineData('4', "::1", null)]
    [InlineData('6', "127.0.0.1", null)]
    [InlineData('6', "[::1]", null)]
    [InlineData('6', "unknown", null)]
    [InlineData('6', "", null)]
    [InlineData('6', "ä", null)]
    [InlineData('L', "/run/socket", null)]
    [InlineData('U', "", null)]
    public void An_address_is_parsed_or_null(char family, string text, string? expected)
    {
        ConnectInfo info = Told.Connect("host", family, 25, text);

        Assert.Equal(expected is null ? null : IPAddress.Parse(expected), info.Address);
        Assert.Equal((ClientFamily)family, info.Family);
    }

    [Theory]
    [InlineData("mail.example.org", '4', "192.0.2.1", false)]
    [InlineData("localhost", '4', "192.0.2.1", false)]
    [InlineData("localhost", '4', "nonsense", false)]
    [InlineData("localhost", '4', "127.0.0.1", true)]
    [InlineData("a", '4', "127.255.3.4", true)]
    [InlineData("a", '6', "IPv6:0:0:0:0:0:0:0:1", true)]
    [InlineData("a", '6', "::ffff:127.0.0.2", true)]
    [InlineData("a", '6', "::ffff:192.0.2.1", false)]
    [InlineData("a", 'L', "/run/socket", true)]
    [InlineData("LocalHost", 'U', "", true)]
    [InlineData("unknown", 'U', "", false)]
    public void Local_is_a_matter_of_the_address(string host, char family, string address, bool expected) =>
        Assert.Equal(expected, Told.Connect(host, family, 0, address).IsLocal);

    [Fact]
    public void Port_path_and_raw_bytes_are_there()
    {
        ConnectInfo inet = Told.Connect("[IPv6:2001:db8::1]", '6', 40_000, "IPv6:2001:db8::1");
        ConnectInfo unix = Told.Connect("localhost", 'L', 7, "/run/socket");

        Assert.Equal(40_000, inet.Port);
        Assert.Null(inet.SocketPath);
        Assert.Equal("[IPv6:2001:db8::1]"u8, inet.HostNameBytes);
        Assert.Equal("2001:db8::1"u8, inet.AddressBytes);
        Assert.Equal("/run/socket", unix.SocketPath);
        Assert.Equal(0, unix.Port);
    }

    [Fact]
    public void Another_session_finds_nothing_of_the_one_before()
    {
        ConnectInfo info = Told.Connect("first.example", '4', 25, "192.0.2.1");
        Assert.Equal("first.example [192.0.2.1]", info.ToString());
        Assert.NotNull(info.Address);

        Assert.True(ConnectPayload.TryRead("second\0U"u8, out ConnectPayload next, out _));
        info.Set(next);

        Assert.Equal("second", info.HostName);
        Assert.Null(info.Address);
        Assert.Equal(0, info.Port);
    }

    [Fact]
    public void After_its_session_it_throws()
    {
        ConnectInfo info = Told.Connect("host", '4', 25, "192.0.2.1");
        Assert.Equal("host", info.HostName);

        info.Clear();

        Assert.Contains("SMTP session ends", Assert.Throws<InvalidOperationException>(() => info.HostName).Message, StringComparison.Ordinal);
        Assert.Throws<InvalidOperationException>(() => info.IsLocal);
        Assert.Equal("(ended)", info.ToString());
    }

    [Fact]
    public void The_unknown_client_is_nobody() =>
        Assert.Equal((ClientFamily.Unknown, "unknown", null, false), (ConnectInfo.Unknown.Family, ConnectInfo.Unknown.HostName, ConnectInfo.Unknown.Address, ConnectInfo.Unknown.IsLocal));
}
