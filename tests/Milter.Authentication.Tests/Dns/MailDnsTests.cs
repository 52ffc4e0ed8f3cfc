using System.Net;

namespace Milter.Tests;

/// <summary><see cref="MailDns"/> against a name server on loopback that does as told.</summary>
public sealed class MailDnsTests : IDisposable
{
    private readonly ScriptedDns _server = new();

    public void Dispose() => _server.Dispose();

    private Task<DnsAnswer> AskAsync(string name, DnsRecordType type, DnsOptions? options = null) =>
        new MailDns(options ?? _server.Options()).QueryAsync(name, type, CancellationToken.None).AsTask();

    [Fact]
    public async Task Records_of_all_kinds_are_read()
    {
        _server.Zone.Text("text.example", "v=spf1 ", "-all").Address("host.example", "192.0.2.1", "2001:db8::1")
            .Exchange("mail.example", 20, "second.example").Exchange("mail.example", 10, "first.example").Exchange("null.example", 0, "").Pointer("192.0.2.1", "host.example");

        Assert.Equal(["v=spf1 -all"], (await AskAsync("text.example", DnsRecordType.Txt)).Texts);
        Assert.Equal([IPAddress.Parse("192.0.2.1")], (await AskAsync("Host.Example.", DnsRecordType.A)).Addresses);
        Assert.Equal([IPAddress.Parse("2001:db8::1")], (await AskAsync("host.example", DnsRecordType.Aaaa)).Addresses);
        Assert.Equal(["first.example", "second.example"], (await AskAsync("mail.example", DnsRecordType.Mx)).Texts);
        Assert.Equal(DnsStatus.NoData, (await AskAsync("null.example", DnsRecordType.Mx)).Status);
        Assert.Equal(["host.example"], (await AskAsync("1.2.0.192.in-addr.arpa", DnsRecordType.Ptr)).Texts);
    }

    [Fact]
    public async Task A_name_that_is_not_there_is_told_from_one_that_has_nothing()
    {
        _server.Zone.Empty("empty.example");

        Assert.Equal(DnsStatus.NoData, (await AskAsync("empty.example", DnsRecordType.Txt)).Status);
        Assert.Equal(DnsStatus.NoSuchName, (await AskAsync("absent.example", DnsRecordType.Txt)).Status);
    }

    [Theory]
    [InlineData("macro%percent  space.example")]
    [InlineData("foo:bar/baz.example")]
    [InlineData("joe=tag+x.example")]
    [InlineData("_spf.under_score.example")]
    [InlineData("xn--bcher-kva.example")]
    public async Task Names_of_any_characters_are_asked_for_as_they_are(string name)
    {
        _server.Zone.Text(name, "here");

        Assert.Equal(["here"], (await AskAsync(name, DnsRecordType.Txt)).Texts);
    }

    [Theory]
    [InlineData("")]
    [InlineData("a..example")]
    [InlineData("a123456789012345678901234567890123456789012345678901234567890123.example")]
    public async Task What_can_not_be_a_name_does_not_exist_and_is_not_asked_for(string name)
    {
        Assert.Equal(DnsStatus.NoSuchName, (await AskAsync(name, DnsRecordType.A)).Status);
        Assert.Empty(_server.Asked);
    }

    [Fact]
    public async Task An_answer_that_is_cut_is_asked_for_again_over_TCP()
    {
        string text = new('x', 2000);
        _server.Zone.LongText("long.example", text);
        _server.Manner = static _ => DnsManner.CutOverUdp;
        var dns = new MailDns(_server.Options());

        Assert.Equal([text], (await dns.QueryAsync("long.example", DnsRecordType.Txt, CancellationToken.None)).Texts);
        Assert.Equal(DnsStatus.NoSuchName, (await dns.QueryAsync("absent.example", DnsRecordType.Txt, CancellationToken.None)).Status);
        Assert.Contains("long.example 16 tcp", _server.Asked);
    }

    [Theory]
    [InlineData(nameof(DnsManner.Silent))]
    [InlineData(nameof(DnsManner.ServerFailure))]
    [InlineData(nameof(DnsManner.Refused))]
    [InlineData(nameof(DnsManner.Referral))]
    [InlineData(nameof(DnsManner.OtherQuestion))]
    [InlineData(nameof(DnsManner.OtherId))]
    [InlineData(nameof(DnsManner.Garbage))]
    public async Task A_server_that_gives_no_answer_to_the_question_is_a_failure_and_the_next_question_is_served(string manner)
    {
        _server.Zone.Address("host.example", "192.0.2.1");
        _server.Manner = _ => Enum.Parse<DnsManner>(manner);
        DnsOptions options = _server.Options();
        
        // Some of these are waited out; what comes after them has to be there within the same time.
        options.Timeout = TimeSpan.FromSeconds(5);
        var dns = new MailDns(options);

        DnsAnswer failed = await dns.QueryAsync("host.example", DnsRecordType.A, CancellationToken.None);
        _server.Manner = static _ => DnsManner.Right;
        DnsAnswer answer = await dns.QueryAsync("host.example", DnsRecordType.A, CancellationToken.None);

        Assert.Equal(DnsStatus.Failed, failed.Status);
        Assert.NotNull(failed.Reason);
        Assert.Equal([IPAddress.Parse("192.0.2.1")], answer.Addresses);
    }

    [Fact]
    public async Task The_next_server_is_asked_where_one_fails()
    {
        using var second = new ScriptedDns(new DnsZone().Address("host.example", "192.0.2.2"));
        _server.Manner = static _ => DnsManner.ServerFailure;
        DnsOptions options = _server.Options();
        options.Servers.Add(second.Address);

        Assert.Equal([IPAddress.Parse("192.0.2.2")], (await AskAsync("host.example", DnsRecordType.A, options)).Addresses);
    }

    [Fact]
    public async Task A_server_that_knows_no_extension_is_asked_without()
    {
        _server.Zone.Text("old.example", "here");
        _server.Manner = static _ => DnsManner.FormatErrorWithExtension;

        Assert.Equal(["here"], (await AskAsync("old.example", DnsRecordType.Txt)).Texts);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Aliases_are_followed(bool isOneAtATime)
    {
        _server.Zone.Alias("a.example", "B.example").Alias("b.example", "c.example").Text("c.example", "here").Alias("d.example", "nowhere.example");
        _server.Manner = _ => isOneAtATime ? DnsManner.OneAliasAtATime : DnsManner.Right;

        Assert.Equal(["here"], (await AskAsync("a.example", DnsRecordType.Txt)).Texts);
        Assert.Equal(DnsStatus.NoSuchName, (await AskAsync("d.example", DnsRecordType.Txt)).Status);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Aliases_that_go_round_are_a_failure(bool isOneAtATime)
    {
        _server.Zone.Alias("a.example", "b.example").Alias("b.example", "c.example").Alias("c.example", "B.example").Alias("self.example", "self.example");
        _server.Manner = _ => isOneAtATime ? DnsManner.OneAliasAtATime : DnsManner.Right;

        Assert.Equal(DnsStatus.Failed, (await AskAsync("a.example", DnsRecordType.Txt)).Status);
        Assert.Equal(DnsStatus.Failed, (await AskAsync("self.example", DnsRecordType.A)).Status);
        Assert.True(_server.Asked.Count < 20);
    }

    [Fact]
    public async Task Answers_are_kept_for_as_long_as_they_hold_those_of_nothing_too()
    {
        var clock = new ManualTime();
        _server.Zone.TimeToLive = 120;
        _server.Zone.Text("kept.example", "here");
        var dns = new MailDns(_server.Options(), clock);
        async Task AskAllAsync()
        {
            await dns.QueryAsync("kept.example", DnsRecordType.Txt, CancellationToken.None);
            await dns.QueryAsync("KEPT.example.", DnsRecordType.Txt, CancellationToken.None);
            await dns.QueryAsync("absent.example", DnsRecordType.Txt, CancellationToken.None);
        }

        await AskAllAsync();
        await AskAllAsync();
        Assert.Equal(["kept.example 16", "absent.example 16"], _server.Asked);

        clock.Advance(TimeSpan.FromSeconds(61));
        await AskAllAsync();
        Assert.Equal(["kept.example 16", "absent.example 16", "absent.example 16"], _server.Asked);

        clock.Advance(TimeSpan.FromSeconds(61));
        await AskAllAsync();
        Assert.Equal(5, _server.Asked.Count);
    }

    [Fact]
    public async Task The_cache_stays_within_its_size_whatever_is_asked()
    {
        DnsOptions options = _server.Options();
        options.CacheSize = 20;
        var dns = new MailDns(options);
        for (int i = 0; i < 200; i++)
        {
            await dns.QueryAsync($"n{i}.example", DnsRecordType.A, CancellationToken.None);
        }

        Assert.InRange(dns.Kept, 1, 21);
    }

    [Fact]
    public async Task Who_gives_up_is_told_so()
    {
        _server.Manner = static _ => DnsManner.Silent;
        using var gaveUp = new CancellationTokenSource();
        ValueTask<DnsAnswer> asking = new MailDns(_server.Options()).QueryAsync("host.example", DnsRecordType.A, gaveUp.Token);
        await gaveUp.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () => await asking);
    }

    [Theory]
    [InlineData("resolver.example")]
    [InlineData("53")]
    [InlineData("")]
    public void A_server_that_is_no_address_is_refused(string entry) =>
        Assert.Contains("name server", Assert.Throws<ArgumentException>(() => new MailDns(new DnsOptions { Servers = { entry } })).Message, StringComparison.Ordinal);
}
