using System.Net;
using Milter.Auth;

namespace Milter.Tests;

/// <summary>SPF rule by rule (RFC 7208).</summary>
public sealed class SpfTests
{
    private const string Client = "192.0.2.7";

    private readonly FakeDns _dns = new FakeDns().Address("mail.example.net", Client).Address("other.example.net", "198.51.100.1").Address("six.example.net", "2001:db8::7");

    private async Task<SpfResult> CheckAsync(string record, string client = Client, string sender = "joe@example.net", string helo = "mail.example.net") =>
        await new SpfCheck(_dns.Text("example.net", record), TimeProvider.System, "mx.example.org").MailFromAsync(IPAddress.Parse(client), helo, sender, CancellationToken.None);

    [Theory]
    [InlineData("v=spf1 ip4:192.0.2.7 -all", AuthResult.Pass)]
    [InlineData("v=spf1 ip4:192.0.2.0/29 -all", AuthResult.Pass)]
    [InlineData("v=spf1 ip4:192.0.2.8/29 -all", AuthResult.Fail)]
    [InlineData("v=spf1 ip4:0.0.0.0/0 -all", AuthResult.Pass)]
    [InlineData("v=spf1 a:mail.example.net -all", AuthResult.Pass)]
    [InlineData("v=spf1 a:other.example.net/0 -all", AuthResult.Pass)]
    [InlineData("v=spf1 a:six.example.net//0 ~all", AuthResult.SoftFail)]
    [InlineData("v=spf1 +a:MAIL.example.net. ?all", AuthResult.Pass)]
    [InlineData("v=spf1 exists:mail.example.net -all", AuthResult.Pass)]
    [InlineData("v=spf1 exists:six.example.net -all", AuthResult.Fail)]
    [InlineData("v=spf1 ?all", AuthResult.Neutral)]
    [InlineData("v=spf1", AuthResult.Neutral)]
    [InlineData("V=SPF1 -ALL", AuthResult.Fail)]
    [InlineData("v=spf1   -all  ", AuthResult.Fail)]
    [InlineData("v=spf1 x-other=%{l}/y -all", AuthResult.Fail)]
    [InlineData("v=spf10 -all", AuthResult.None)]
    [InlineData("hello", AuthResult.None)]
    public async Task A_record_is_evaluated_from_the_left(string record, AuthResult wanted) => Assert.Equal(wanted, (await CheckAsync(record)).Result);

    [Theory]
    [InlineData("v=spf1 ip4:192.0.2.7 moo")]
    [InlineData("v=spf1 ip4:192.0.2.7 all:x")]
    [InlineData("v=spf1 ip4:192.0.2.7/33 -all")]
    [InlineData("v=spf1 ip4:192.0.2.7/08 -all")]
    [InlineData("v=spf1 ip4:192.0.2 -all")]
    [InlineData("v=spf1 ip4:192.0.2.07 -all")]
    [InlineData("v=spf1 ip6:2001:db8::/129 -all")]
    [InlineData("v=spf1 ip6:192.0.2.7 -all")]
    [InlineData("v=spf1 ip6:::1%25lo -all")]
    [InlineData("v=spf1 a/24/64 -all")]
    [InlineData("v=spf1 a:192.0.2.7 -all")]
    [InlineData("v=spf1 a:museum -all")]
    [InlineData("v=spf1 a: -all")]
    [InlineData("v=spf1 include -all")]
    [InlineData("v=spf1 ptr/0 -all")]
    [InlineData("v=spf1 exists:%{x}.example.net -all")]
    [InlineData("v=spf1 exists:%{c}.example.net -all")]
    [InlineData("v=spf1 exists:%{l0}.example.net -all")]
    [InlineData("v=spf1 exists:%l.example.net -all")]
    [InlineData("v=spf1 redirect=a.example.net redirect=a.example.net")]
    [InlineData("v=spf1 exp=a.example.net exp=a.example.net -all")]
    [InlineData("v=spf1 redirect:a.example.net")]
    [InlineData("v=spf1 1x=y -all")]
    [InlineData("v=spf1 =y -all")]
    [InlineData("v=spf1 a:ex\tample.net -all")]
    [InlineData("v=spf1 a:b\u00fccher.example -all")]
    [InlineData("v=spf1 -")]
    [InlineData("v=spf1 :")]
    public async Task What_is_wrong_anywhere_makes_the_record_wrong(string record) => Assert.Equal(AuthResult.PermError, (await CheckAsync(record)).Result);

    [Fact]
    public async Task An_address_in_the_clothes_of_IPv6_is_an_IPv4_address()
    {
        Assert.Equal(AuthResult.Pass, (await CheckAsync("v=spf1 ip4:192.0.2.7 -all", "::ffff:192.0.2.7")).Result);
        Assert.Equal(AuthResult.Fail, (await CheckAsync("v=spf1 ip6:::ffff:192.0.2.7/0 -all", "::ffff:192.0.2.7")).Result);
        Assert.Equal(AuthResult.Pass, (await CheckAsync("v=spf1 a:six.example.net//64 -all", "2001:db8::99")).Result);
    }

    [Fact]
    public async Task The_null_sender_is_the_postmaster_of_HELO()
    {
        SpfResult result = await CheckAsync("v=spf1 -all", sender: "", helo: "example.net");

        Assert.Equal((AuthResult.Fail, "postmaster@example.net", "example.net"), (result.Result, result.Sender, result.Domain));
        Assert.Equal("postmaster@example.net", (await CheckAsync("v=spf1 -all", sender: "@example.net")).Sender);
    }

    [Theory]
    [InlineData("", "localhost")]
    [InlineData("", "[192.0.2.7]")]
    [InlineData("joe@[192.0.2.7]", "mail.example.net")]
    [InlineData("joe@a..example.net", "mail.example.net")]
    [InlineData("joe@a123456789012345678901234567890123456789012345678901234567890123.example.net", "mail.example.net")]
    [InlineData("", "")]
    public async Task A_name_that_can_have_no_record_has_none(string sender, string helo) => Assert.Equal(AuthResult.None, (await CheckAsync("v=spf1 -all", sender: sender, helo: helo)).Result);

    [Fact]
    public async Task A_domain_beyond_ASCII_is_asked_for_in_its_ASCII_form()
    {
        _dns.Text("xn--bcher-kva.example", "v=spf1 -all");

        Assert.Equal(AuthResult.Fail, (await CheckAsync("v=spf1 -all", sender: "j\u00f6rg@b\u00fccher.example")).Result);
    }

    [Theory]
    [InlineData("v=spf1 include:inner.example.net -all", "v=spf1 ip4:192.0.2.7", AuthResult.Pass)]
    [InlineData("v=spf1 include:inner.example.net ~all", "v=spf1 -all", AuthResult.SoftFail)]
    [InlineData("v=spf1 -include:inner.example.net ~all", "v=spf1 +all", AuthResult.Fail)]
    [InlineData("v=spf1 include:inner.example.net ~all", "v=spf1 moo", AuthResult.PermError)]
    [InlineData("v=spf1 include:absent.example.net ~all", "v=spf1", AuthResult.PermError)]
    [InlineData("v=spf1 redirect=inner.example.net", "v=spf1 -all", AuthResult.Fail)]
    [InlineData("v=spf1 redirect=absent.example.net", "v=spf1", AuthResult.PermError)]
    [InlineData("v=spf1 redirect=inner.example.net ?all", "v=spf1 -all", AuthResult.Neutral)]
    public async Task Other_records_are_included_and_redirected_to(string record, string inner, AuthResult wanted)
    {
        _dns.Text("inner.example.net", inner);

        Assert.Equal(wanted, (await CheckAsync(record)).Result);
    }

    [Theory]
    [InlineData("v=spf1 a:down.example.net -all")]
    [InlineData("v=spf1 exists:down.example.net -all")]
    [InlineData("v=spf1 mx -all")]
    [InlineData("v=spf1 include:down.example.net -all")]
    [InlineData("v=spf1 redirect=down.example.net")]
    public async Task A_name_server_that_does_not_answer_is_a_temporary_error(string record)
    {
        _dns.Failing("down.example.net", DnsRecordType.A).Failing("down.example.net", DnsRecordType.Txt).Exchange("example.net", "down.example.net");

        Assert.Equal(AuthResult.TempError, (await CheckAsync(record)).Result);
    }

    [Fact]
    public async Task The_record_that_can_not_be_had_is_a_temporary_error_and_two_are_a_permanent_one()
    {
        _dns.Failing("down.example.net", DnsRecordType.Txt).Text("two.example.net", "v=spf1 -all", "other", "v=spf1");

        Assert.Equal(AuthResult.TempError, (await CheckAsync("", sender: "joe@down.example.net")).Result);
        Assert.Equal(AuthResult.PermError, (await CheckAsync("", sender: "joe@two.example.net")).Result);
    }

    [Theory]
    [InlineData("v=spf1 a a a a a a a a a a -all", AuthResult.Fail)]
    [InlineData("v=spf1 a a a a a a a a a a a -all", AuthResult.PermError)]
    [InlineData("v=spf1 a a a a a a a a a a redirect=inner.example.net", AuthResult.PermError)]
    [InlineData("v=spf1 include:inner.example.net a a a a a a a a -all", AuthResult.Fail)]
    [InlineData("v=spf1 include:inner.example.net a a a a a a a a a -all", AuthResult.PermError)]
    [InlineData("v=spf1 redirect=example.net", AuthResult.PermError)]
    public async Task Ten_terms_may_ask(string record, AuthResult wanted)
    {
        _dns.Address("example.net", "198.51.100.1").Text("inner.example.net", "v=spf1 a:other.example.net -all");

        Assert.Equal(wanted, (await CheckAsync(record)).Result);
    }

    [Theory]
    [InlineData("v=spf1 a:n1.example a:n2.example -all", AuthResult.Fail)]
    [InlineData("v=spf1 a:n1.example a:n2.example exists:n3.example -all", AuthResult.PermError)]
    [InlineData("v=spf1 a:n1.example a:n2.example -all exp=n3.example", AuthResult.Fail)]
    public async Task Two_terms_may_ask_for_what_is_not_there(string record, AuthResult wanted) => Assert.Equal(wanted, (await CheckAsync(record)).Result);

    [Fact]
    public async Task Ten_exchanges_are_allowed_and_ten_names_of_an_address_are_looked_at()
    {
        string[] hosts = [.. Enumerable.Range(0, 11).Select(static one => $"h{one}.example.net")];
        _dns.Exchange("many.example.net", hosts).Exchange("ten.example.net", hosts[..10]).Pointer(Client, [.. hosts[..10], "mail.example.net"]);

        Assert.Equal(AuthResult.PermError, (await CheckAsync("v=spf1 mx:many.example.net -all")).Result);
        Assert.Equal(AuthResult.Fail, (await CheckAsync("v=spf1 mx:ten.example.net -all")).Result);
        Assert.Equal(AuthResult.Fail, (await CheckAsync("v=spf1 ptr:mail.example.net -all")).Result);
    }

    [Fact]
    public async Task A_name_of_the_client_counts_if_it_has_the_clients_address()
    {
        _dns.Pointer(Client, "down.example.org", "liar.example.org", "mail.example.net").Failing("down.example.org", DnsRecordType.A).Address("liar.example.org", "198.51.100.9");

        Assert.Equal(AuthResult.Pass, (await CheckAsync("v=spf1 ptr -all")).Result);
        Assert.Equal(AuthResult.Fail, (await CheckAsync("v=spf1 ptr:example.org -all")).Result);
        Assert.Equal(AuthResult.Fail, (await CheckAsync("v=spf1 ptr:ample.net -all")).Result);
    }

    [Theory]
    [InlineData("%{s}|%{l}|%{o}|%{d}|%{i}|%{v}|%{h}|%{c}|%{r}", "joe-tag@example.net|joe-tag|example.net|example.net|192.0.2.7|in-addr|mail.example.net|192.0.2.7|mx.example.org")]
    [InlineData("%{ir} %{d1} %{d5} %{dr} %{l-} %{l1-} %{lr-}", "7.2.0.192 net example.net net.example joe.tag tag tag.joe")]
    [InlineData("%{L}%{S} 100%% a%_b%-c.", "joe-tagjoe-tag%40example.net 100% a b%20c.")]
    [InlineData("%{p}", "mail.example.net")]
    public async Task Macros_are_expanded_in_explanations(string text, string wanted)
    {
        _dns.Text("why.example.net", text).Pointer(Client, "mail.example.net");

        Assert.Equal(wanted, (await CheckAsync("v=spf1 -all exp=why.%{d2}", sender: "joe-tag@example.net")).Explanation);
    }

    [Fact]
    public async Task Macros_of_IPv6_are_nibbles()
    {
        _dns.Text("why.example.net", "%{i} %{c}");

        Assert.Equal("2.0.0.1.0.D.B.8.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.7 2001:db8::7", (await CheckAsync("v=spf1 -all exp=why.example.net", "2001:db8::7")).Explanation);
    }

    [Theory]
    [InlineData("absent.example")]
    [InlineData("two.example")]
    [InlineData("bad.example")]
    [InlineData("umlaut.example")]
    [InlineData("down.example")]
    public async Task An_explanation_with_anything_wrong_is_none(string name)
    {
        _dns.Text("two.example", "one", "two").Text("bad.example", "%{z}").Text("umlaut.example", "\u00fc").Failing("down.example", DnsRecordType.Txt);
        SpfResult result = await CheckAsync($"v=spf1 -all exp={name}");

        Assert.Equal((AuthResult.Fail, null), (result.Result, result.Explanation));
    }

    [Fact]
    public async Task Only_the_record_that_fails_explains()
    {
        _dns.Text("why.example.net", "outer").Text("inner.example.net", "v=spf1 -all exp=other.example.net").Text("other.example.net", "inner");

        Assert.Equal("outer", (await CheckAsync("v=spf1 include:inner.example.net -all exp=why.example.net")).Explanation);
        Assert.Equal("inner", (await CheckAsync("v=spf1 exp=why.example.net redirect=inner.example.net")).Explanation);
        Assert.Null((await CheckAsync("v=spf1 ~all exp=why.example.net")).Explanation);
    }

    [Fact]
    public async Task A_name_that_grows_too_long_loses_labels_on_the_left()
    {
        string label = new('a', 60);
        string domain = $"{label}.{label}.example.net";
        _dns.Text(domain, "v=spf1 exists:%{d}.%{d}.end.example.net -all").Address($"{label}.example.net.{domain}.end.example.net", "127.0.0.2");

        Assert.Equal(AuthResult.Pass, (await CheckAsync("", sender: $"joe@{domain}")).Result);
    }
}
