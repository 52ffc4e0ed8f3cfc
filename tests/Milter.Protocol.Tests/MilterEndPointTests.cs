using System.Net;
using System.Net.Sockets;

namespace Milter.Protocol.Tests;

/// <summary>Protects the one grammar of endpoints, for milters that listen and MTAs that connect.</summary>
public class MilterEndPointTests
{
    [Theory]
    [InlineData("inet:9199@localhost", "inet:9199@localhost", "inet:localhost:9199", "inet:9199@localhost")]
    [InlineData("INET:9199@127.0.0.1", "inet:9199@127.0.0.1", "inet:127.0.0.1:9199", "inet:9199@127.0.0.1")]
    [InlineData("inet:9199@[127.0.0.1]", "inet:9199@127.0.0.1", "inet:127.0.0.1:9199", "inet:9199@127.0.0.1")]
    [InlineData("inet:9199", "inet:9199", "inet:127.0.0.1:9199", "inet:9199@127.0.0.1")]
    [InlineData("inet:127.0.0.1:9199", "inet:9199@127.0.0.1", "inet:127.0.0.1:9199", "inet:9199@127.0.0.1")]
    [InlineData("inet:filter-1.example.org:9199", "inet:9199@filter-1.example.org", "inet:filter-1.example.org:9199", "inet:9199@filter-1.example.org")]
    [InlineData("inet:[::1]:9199", "inet6:9199@[::1]", "inet:[::1]:9199", "inet6:9199@[::1]")]
    [InlineData("inet6:[::1]:9199", "inet6:9199@[::1]", "inet:[::1]:9199", "inet6:9199@[::1]")]
    [InlineData("inet6:9199@::1", "inet6:9199@[::1]", "inet:[::1]:9199", "inet6:9199@[::1]")]
    [InlineData("inet6:9199@[IPv6:fe80::1]", "inet6:9199@[fe80::1]", "inet:[fe80::1]:9199", "inet6:9199@[fe80::1]")]
    [InlineData("inet6:9199", "inet6:9199", "inet:[::1]:9199", "inet6:9199@[::1]")]
    [InlineData("inet6:localhost:9199", "inet6:9199@localhost", "inet:localhost:9199", "inet6:9199@localhost")]
    [InlineData("inet:0@localhost", "inet:0@localhost", "inet:localhost:0", "inet:0@localhost")]
    [InlineData("inet:65535", "inet:65535", "inet:127.0.0.1:65535", "inet:65535@127.0.0.1")]
    [InlineData("unix:/run/tagger/tagger.sock", "unix:/run/tagger/tagger.sock", "unix:/run/tagger/tagger.sock", "unix:/run/tagger/tagger.sock")]
    [InlineData("local:/run/a b:c@d", "unix:/run/a b:c@d", "unix:/run/a b:c@d", "unix:/run/a b:c@d")]
    public void Reads_both_spellings_and_says_them_back(string text, string libmilter, string postfix, string sendmail)
    {
        MilterEndPoint endPoint = MilterEndPoint.Parse(text);

        Assert.Equal(libmilter, endPoint.ToString());
        Assert.Equal(postfix, endPoint.ToPostfix());
        Assert.Equal(sendmail, endPoint.ToSendmail());
        Assert.Equal(endPoint, MilterEndPoint.Parse(libmilter));
        Assert.Equal(endPoint.GetHashCode(), MilterEndPoint.Parse(libmilter).GetHashCode());
    }

    [Theory]
    [InlineData("fd:3", MilterEndPointKind.FileDescriptor, "fd:3")]
    [InlineData("systemd", MilterEndPointKind.Systemd, "systemd")]
    [InlineData("SystemD:Tagger", MilterEndPointKind.Systemd, "systemd:Tagger")]
    public void Reads_inherited_sockets_which_do_not_tell_their_address(string text, MilterEndPointKind kind, string spelling)
    {
        MilterEndPoint endPoint = MilterEndPoint.Parse(text);

        Assert.Equal(kind, endPoint.Kind);
        Assert.Equal(spelling, endPoint.ToString());
        Assert.Throws<InvalidOperationException>(endPoint.ToPostfix);
        Assert.Throws<InvalidOperationException>(endPoint.ToSendmail);
    }

    [Theory]
    [InlineData("", "it is empty")]
    [InlineData("  ", "it is empty")]
    [InlineData("19566@localhost", "it has no scheme; write inet:19566@localhost")]
    [InlineData("9199", "it has no scheme; write inet:9199")]
    [InlineData("localhost:9199", "it has no scheme; write inet:localhost:9199")]
    [InlineData("foo:1", "there is no scheme \"foo\"; if that is a host, write inet:foo:1")]
    [InlineData("localhost", "it has no scheme")]
    [InlineData("/run/tagger.sock", "a path needs a scheme; write unix:/run/tagger.sock")]
    [InlineData("./tagger.sock", "a path needs a scheme; write unix:./tagger.sock")]
    [InlineData("tcp:a@b", "there is no scheme \"tcp\"")]
    [InlineData(":/run/tagger.sock", "it has no scheme")]
    [InlineData("unix:", "the path is missing")]
    [InlineData("unix:/a\0b", "the path has a NUL in it")]
    [InlineData("inet:", "the port is missing")]
    [InlineData("inet:@localhost", "the port is missing")]
    [InlineData("inet:localhost", "\"localhost\" is no port; with a host, write port@host")]
    [InlineData("inet:localhost:", "the port is missing")]
    [InlineData("inet::9199", "the host is missing; for all interfaces write inet:9199")]
    [InlineData("inet:9199@", "the host is missing; for all interfaces write inet:9199")]
    [InlineData("inet6:9199@[]", "the host is missing; for all interfaces write inet6:9199")]
    [InlineData("inet:65536@localhost", "port 65536 is not from 1 to 65535 (0 takes any free port)")]
    [InlineData("inet:99999999999", "port 99999999999 is not from 1 to 65535 (0 takes any free port)")]
    [InlineData("inet:-1@localhost", "the port \"-1\" is not a number (service names are not looked up)")]
    [InlineData("inet:milter@localhost", "the port \"milter\" is not a number (service names are not looked up)")]
    [InlineData("inet:localhost:9199@localhost", "the port stands before \"@\" in libmilter's order and after \":\" in Postfix's; \"localhost:9199@localhost\" mixes them")]
    [InlineData("inet:127:9900", "\"127\" and \"9900\" could both be the port; write port@host")]
    [InlineData("inet:9199@127", "\"127\" is neither an address nor a name")]
    [InlineData("inet:9199@1.2.3", "\"1.2.3\" is neither an address nor a name")]
    [InlineData("inet:9199@::1", "::1 is an IPv6 address; write inet6:9199@::1")]
    [InlineData("inet6:9199@127.0.0.1", "127.0.0.1 is an IPv4 address; write inet:9199@127.0.0.1")]
    [InlineData("inet6:::1:9199", "an IPv6 address before a port has to stand in brackets")]
    [InlineData("inet6:[::1]", "after an address in brackets comes \":\" and the port")]
    [InlineData("inet:9199@[localhost]", "\"localhost\" is no address")]
    [InlineData("inet:9199@a b", "\"a b\" is no host name")]
    [InlineData("inet:9199@a@b", "\"a@b\" is no host name")]
    [InlineData("fd:", "\"\" is not the number of a file descriptor")]
    [InlineData("fd:-1", "\"-1\" is not the number of a file descriptor")]
    [InlineData("systemd:", "the name after \"systemd:\" is missing; for the only socket write systemd")]
    public void Refuses_what_could_mean_nothing_or_two_things(string text, string why)
    {
        MilterEndPointException e = Assert.Throws<MilterEndPointException>(() => MilterEndPoint.Parse(text));

        Assert.StartsWith($"\"{text}\" is no endpoint: {why}. Allowed are inet:port@host,", e.Message, StringComparison.Ordinal);
        Assert.False(MilterEndPoint.TryParse(text, out MilterEndPoint? none));
        Assert.Null(none);
    }

    [Fact]
    public void Null_is_no_endpoint()
    {
        Assert.False(MilterEndPoint.TryParse(null, out _));
        Assert.Throws<ArgumentNullException>(() => MilterEndPoint.Parse(null!));
    }

    // What an MTA connects to is what Postfix's smtpd_milters and Sendmail's S= make of the same text.
    [Theory]
    [InlineData("inet:9199@localhost", "127.0.0.1:9199", "Unspecified/localhost:9199")]
    [InlineData("inet:localhost:9199", "127.0.0.1:9199", "Unspecified/localhost:9199")]
    [InlineData("inet6:9199@localhost", "[::1]:9199", "InterNetworkV6/localhost:9199")]
    [InlineData("inet:9199@192.0.2.1", "192.0.2.1:9199", "192.0.2.1:9199")]
    [InlineData("inet:[2001:db8::1]:9199", "[2001:db8::1]:9199", "[2001:db8::1]:9199")]
    [InlineData("inet:9199", "0.0.0.0:9199", "127.0.0.1:9199")]
    [InlineData("inet6:9199", "[::]:9199", "[::1]:9199")]
    [InlineData("inet:9199@filter.example", "InterNetwork/filter.example:9199", "Unspecified/filter.example:9199")]
    [InlineData("unix:/run/a.sock", "/run/a.sock", "/run/a.sock")]
    [InlineData("unix:a.sock", "a.sock", "a.sock")]
    public void Gives_the_addresses_to_listen_on_and_to_connect_to(string text, string listen, string connect)
    {
        MilterEndPoint endPoint = MilterEndPoint.Parse(text);

        Assert.Equal(listen, endPoint.ToListenAddress().ToString());
        Assert.Equal(connect, endPoint.ToConnectAddress().ToString());
    }

    [Theory]
    [InlineData("fd:3")]
    [InlineData("systemd:name")]
    [InlineData("inet:0@localhost")]
    public void Nobody_connects_to_what_has_no_address(string text)
    {
        MilterEndPointException e = Assert.Throws<MilterEndPointException>(() => MilterEndPoint.Parse(text).ToConnectAddress());

        Assert.StartsWith($"\"{text}\" is ", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_path_that_the_system_does_not_take_is_told_in_words() =>
        Assert.Contains("too long", Assert.Throws<MilterEndPointException>(() => MilterEndPoint.Parse("unix:/" + new string('a', 200)).ToConnectAddress()).Message, StringComparison.Ordinal);

    [Fact]
    public void Says_where_a_socket_is()
    {
        Assert.Equal("inet:9199", MilterEndPoint.FromAddress(new IPEndPoint(IPAddress.Any, 9199)).ToString());
        Assert.Equal("inet6:9199@[::1]", MilterEndPoint.FromAddress(new IPEndPoint(IPAddress.IPv6Loopback, 9199)).ToString());
        Assert.Equal("inet:9199@filter.example", MilterEndPoint.FromAddress(new DnsEndPoint("filter.example", 9199)).ToString());
        Assert.Equal("unix:/run/a.sock", MilterEndPoint.FromAddress(new UnixDomainSocketEndPoint("/run/a.sock")).ToString());
        Assert.Equal("inet:9200@localhost", MilterEndPoint.Parse("inet:9199@localhost").WithPort(9200).ToString());
        Assert.Throws<InvalidOperationException>(() => MilterEndPoint.Parse("unix:/a").WithPort(1));
    }

    [Fact]
    public void Hosts_compare_without_case_and_paths_with()
    {
        Assert.True(MilterEndPoint.Parse("inet:1@LOCALHOST") == MilterEndPoint.Parse("inet:localhost:1"));
        Assert.True(MilterEndPoint.Parse("unix:/a") != MilterEndPoint.Parse("unix:/A"));
        Assert.False(MilterEndPoint.Parse("unix:/a").Equals(null));
    }
}
