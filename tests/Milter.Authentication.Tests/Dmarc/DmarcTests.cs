using System.Text;
using Milter.Auth;

namespace Milter.Tests;

/// <summary>Policies, organizations and alignment (RFC 9989).</summary>
public sealed class DmarcTests
{
    private readonly FakeDns _dns = new();

    private async Task<DmarcResult> CheckAsync(string from, string? spfDomain = null, AuthResult spf = AuthResult.Pass, string? dkimDomain = null, AuthResult dkim = AuthResult.Pass)
    {
        AuthorDomain author = AuthorDomain.Of(new RawHeader(Encoding.UTF8.GetBytes(from)));
        DkimSignature.Parse($"v=1; a=rsa-sha256; b=AAAA; bh=AAAA; d={dkimDomain}; s=s; h=from", isArc: false, out DkimSignature signature);
        return await new DmarcCheck(_dns).CheckAsync(
            author,
            spfDomain is null ? null : new SpfResult(spf, "", SpfIdentity.MailFrom, spfDomain, $"joe@{spfDomain}"),
            dkimDomain is null ? [] : [new DkimResult(dkim, "", signature)],
            CancellationToken.None);
    }

    [Theory]
    [InlineData("example.com", null, AuthResult.Pass)]
    [InlineData("mail.example.com", null, AuthResult.Pass)]
    [InlineData("example.org", null, AuthResult.Fail)]
    [InlineData("badexample.com", null, AuthResult.Fail)]
    [InlineData(null, "example.com", AuthResult.Pass)]
    [InlineData(null, "sub.example.com", AuthResult.Pass)]
    [InlineData("example.org", "news.example.com", AuthResult.Pass)]
    [InlineData(null, null, AuthResult.Fail)]
    public async Task Aligned_is_who_is_of_the_same_organization(string? spf, string? dkim, AuthResult wanted)
    {
        _dns.Text("_dmarc.example.com", "v=DMARC1; p=reject");

        DmarcResult result = await CheckAsync("From: Joe <joe@example.com>", spf, dkimDomain: dkim);

        Assert.Equal(wanted, result.Result);
        Assert.Equal(wanted == AuthResult.Fail ? DmarcPolicy.Reject : DmarcPolicy.None, result.Disposition);
    }

    [Theory]
    [InlineData("aspf=s", "mail.example.com", null, AuthResult.Fail)]
    [InlineData("aspf=s", "example.com", null, AuthResult.Pass)]
    [InlineData("adkim=s", null, "mail.example.com", AuthResult.Fail)]
    [InlineData("adkim=s", "mail.example.com", null, AuthResult.Pass)]
    [InlineData("adkim=S; aspf=x", "mail.example.com", null, AuthResult.Pass)]
    public async Task Alignment_can_be_strict(string tags, string? spf, string? dkim, AuthResult wanted)
    {
        _dns.Text("_dmarc.example.com", $"v=DMARC1; p=none; {tags}");

        Assert.Equal(wanted, (await CheckAsync("From: joe@example.com", spf, dkimDomain: dkim)).Result);
    }

    [Fact]
    public async Task The_walk_goes_up_a_label_a_step_and_asks_eight_times_at_most()
    {
        _dns.Text("_dmarc.example.com", "v=DMARC1; p=quarantine; sp=reject");

        DmarcResult result = await CheckAsync("From: joe@a.b.c.d.e.f.g.h.i.j.mail.example.com");

        Assert.Equal((DmarcPolicy.Reject, "example.com"), (result.Policy, result.PolicyDomain));
        Assert.Equal(
            ["a.b.c.d.e.f.g.h.i.j.mail.example.com", "g.h.i.j.mail.example.com", "h.i.j.mail.example.com", "i.j.mail.example.com", "j.mail.example.com", "mail.example.com", "example.com", "com"],
            _dns.Asked.Where(static one => one.StartsWith("_dmarc.", StringComparison.Ordinal)).Select(static one => one["_dmarc.".Length..^" Txt".Length]));
    }

    [Fact]
    public async Task The_own_record_goes_before_that_of_the_organization_and_those_between_hold_for_themselves_alone()
    {
        _dns.Text("_dmarc.a.mail.example.com", "v=DMARC1; p=none").Text("_dmarc.mail.example.com", "v=DMARC1; p=quarantine").Text("_dmarc.example.com", "v=DMARC1; p=reject");

        Assert.Equal(DmarcPolicy.None, (await CheckAsync("From: joe@a.mail.example.com")).Policy);
        Assert.Equal(DmarcPolicy.Quarantine, (await CheckAsync("From: joe@mail.example.com")).Policy);
        Assert.Equal("example.com", (await CheckAsync("From: joe@b.mail.example.com")).PolicyDomain);
    }

    [Fact]
    public async Task Below_a_public_suffix_each_domain_is_an_organization_of_its_own()
    {
        _dns.Text("_dmarc.bank.example", "v=DMARC1; p=reject; psd=y").Empty("giant.bank.example").Empty("mega.bank.example").Empty("mail.mega.bank.example");

        Assert.Equal(AuthResult.Fail, (await CheckAsync("From: joe@mail.mega.bank.example", "giant.bank.example")).Result);
        DmarcResult own = await CheckAsync("From: joe@mail.mega.bank.example", "mega.bank.example");
        Assert.Equal((AuthResult.Pass, "mega.bank.example", "bank.example"), (own.Result, own.OrganizationalDomain, own.PolicyDomain));
    }

    [Fact]
    public async Task A_domain_that_says_to_be_no_suffix_is_the_organization_even_below_another()
    {
        _dns.Text("_dmarc.unit.example.com", "v=DMARC1; p=none; psd=n").Text("_dmarc.example.com", "v=DMARC1; p=reject");

        DmarcResult result = await CheckAsync("From: joe@x.unit.example.com", "example.com");

        Assert.Equal((AuthResult.Fail, "unit.example.com"), (result.Result, result.PolicyDomain));
    }

    [Theory]
    [InlineData("there.example.com", DmarcPolicy.Quarantine)]
    [InlineData("absent.example.com", DmarcPolicy.Reject)]
    public async Task Names_that_do_not_exist_have_a_policy_of_their_own(string domain, DmarcPolicy wanted)
    {
        _dns.Text("_dmarc.example.com", "v=DMARC1; p=none; sp=quarantine; np=reject").Empty("there.example.com");

        Assert.Equal(wanted, (await CheckAsync($"From: joe@{domain}")).Policy);
    }

    [Theory]
    [InlineData("reject", DmarcPolicy.Quarantine)]
    [InlineData("quarantine", DmarcPolicy.None)]
    [InlineData("none", DmarcPolicy.None)]
    public async Task Who_is_only_trying_is_served_one_step_milder(string policy, DmarcPolicy wanted)
    {
        _dns.Text("_dmarc.example.com", $"v=DMARC1; p={policy}; t=y");

        Assert.Equal(wanted, (await CheckAsync("From: joe@example.com")).Disposition);
    }

    [Theory]
    [InlineData("v=DMARC1; p=reject", AuthResult.Fail)]
    [InlineData("v = DMARC1 ; p = reject ; pct=0", AuthResult.Fail)]
    [InlineData("v=DMARC1", AuthResult.Fail)]
    [InlineData("v=DMARC1; p=nonsense; rua=mailto:d@example.com", AuthResult.Fail)]
    [InlineData("v=DMARC1; p=nonsense", AuthResult.None)]
    [InlineData("v=DMARC1; p=reject; sp=nonsense", AuthResult.None)]
    [InlineData("p=reject; v=DMARC1", AuthResult.None)]
    [InlineData("v=DMARC2; p=reject", AuthResult.None)]
    [InlineData("v=dmarc1; p=reject", AuthResult.None)]
    [InlineData("hello", AuthResult.None)]
    public async Task Only_records_that_hold_are_records(string record, AuthResult wanted)
    {
        _dns.Text("_dmarc.example.com", record);

        Assert.Equal(wanted, (await CheckAsync("From: joe@example.com")).Result);
    }

    [Fact]
    public async Task Two_records_are_none()
    {
        _dns.Text("_dmarc.example.com", "v=DMARC1; p=reject", "v=DMARC1; p=none", "hello");

        Assert.Equal(AuthResult.None, (await CheckAsync("From: joe@example.com")).Result);
    }

    [Fact]
    public async Task What_can_not_be_asked_is_a_temporary_error()
    {
        _dns.Failing("_dmarc.down.example", DnsRecordType.Txt).Text("_dmarc.example.com", "v=DMARC1; p=reject");

        Assert.Equal(AuthResult.TempError, (await CheckAsync("From: joe@down.example")).Result);
        Assert.Equal(AuthResult.TempError, (await CheckAsync("From: joe@example.com", "example.com", AuthResult.TempError)).Result);
        Assert.Equal(AuthResult.TempError, (await CheckAsync("From: joe@example.com", dkimDomain: "example.com", dkim: AuthResult.TempError)).Result);
        Assert.Equal(AuthResult.Fail, (await CheckAsync("From: joe@example.com", "example.org", AuthResult.TempError)).Result);
        Assert.Equal(AuthResult.Pass, (await CheckAsync("From: joe@example.com", "example.com", AuthResult.TempError, "example.com")).Result);
    }

    [Theory]
    [InlineData("Subject: none")]
    [InlineData("From: a@example.com\r\nFrom: b@example.com")]
    [InlineData("From: a@example.com, b@example.org")]
    [InlineData("From: group: a@example.com, b@example.org;")]
    [InlineData("From: undisclosed:;")]
    [InlineData("From: joe")]
    [InlineData("From: joe@[192.0.2.1]")]
    [InlineData("From:")]
    public async Task From_without_one_domain_is_a_permanent_error(string from) => Assert.Equal(AuthResult.PermError, (await CheckAsync(from)).Result);

    [Theory]
    [InlineData("From: a@example.com,\r\n b@EXAMPLE.com", "example.com")]
    [InlineData("From: group: a@example.com;", "example.com")]
    [InlineData("From: \"evil@example.org\" <a@example.com>", "example.com")]
    [InlineData("From: =?utf-8?q?b=40example=2Eorg?= <a@example.com>", "example.com")]
    [InlineData("From: j\u00f6rg@b\u00fccher.example", "xn--bcher-kva.example")]
    [InlineData("from : joe (x@example.org) @example.com", "example.com")]
    public async Task The_domain_is_that_of_the_address(string from, string wanted) => Assert.Equal(wanted, (await CheckAsync(from)).Domain);
}
