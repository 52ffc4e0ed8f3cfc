using System.Net;

namespace Milter.Policy.Tests;

public sealed class GreylistTests
{
    private static readonly IPAddress s_client = IPAddress.Parse("192.0.2.7");
    private readonly PolicyBench _bench = new();

    /// <summary>The eight steps of pymilter's own test, with its times: 10 minutes, 4 hours, 36 days.</summary>
    [Fact]
    public async Task Eight_steps_of_pymilters_time_line_come_out_as_there()
    {
        Greylist greylist = _bench.Greylist(options => (options.Delay, options.RetryWindow, options.Keep) = (TimeSpan.FromMinutes(10), TimeSpan.FromHours(4), TimeSpan.FromDays(36)));
        DateTimeOffset start = _bench.Clock.GetUtcNow();
        async Task<GreylistReason> At(TimeSpan time, string address, string sender)
        {
            _bench.Clock.Advance(start + time - _bench.Clock.GetUtcNow());
            return (await greylist.CheckAsync(new GreylistAttempt(IPAddress.Parse(address), sender, "baz@spat.com"))).Reason;
        }

        Assert.Equal(GreylistReason.New, await At(TimeSpan.Zero, "1.2.3.4", "foo@bar.com"));
        Assert.Equal(GreylistReason.Early, await At(TimeSpan.FromMinutes(5), "1.2.3.4", "foo@bar.com"));
        Assert.Equal(GreylistReason.Known, await At(TimeSpan.FromMinutes(15), "1.2.3.4", "foo@bar.com"));
        Assert.Equal(GreylistReason.New, await At(TimeSpan.FromMinutes(20), "1.2.5.5", "flub@bar.com"));
        Assert.Equal(GreylistReason.Known, await At(TimeSpan.FromMinutes(25), "1.2.3.4", "foo@bar.com"));
        Assert.Equal(GreylistReason.New, await At(TimeSpan.FromHours(5), "1.2.5.5", "flub@bar.com"));
        Assert.Equal(GreylistReason.New, await At(TimeSpan.FromDays(37), "1.2.3.4", "foo@bar.com"));
        Assert.Equal(GreylistReason.New, await At(TimeSpan.FromDays(38), "1.2.5.5", "flub@bar.com"));
    }

    [Theory]
    [InlineData("192.0.2.99", GreylistReason.Known)]
    [InlineData("::ffff:192.0.2.99", GreylistReason.Known)]
    [InlineData("192.0.3.7", GreylistReason.New)]
    public async Task A_sender_may_come_back_from_another_address_of_its_network(string address, GreylistReason reason)
    {
        Greylist greylist = _bench.Greylist();
        await greylist.CheckAsync(new GreylistAttempt(s_client, "joe@example.org", "ann@example.net"));
        _bench.Clock.Advance(TimeSpan.FromMinutes(6));

        Assert.Equal(reason, (await greylist.CheckAsync(new GreylistAttempt(IPAddress.Parse(address), "JOE@example.org", "Ann@example.net"))).Reason);
    }

    [Theory]
    [InlineData("2001:db8:1:2:ffff::1", GreylistReason.Known)]
    [InlineData("2001:db8:1:3::1", GreylistReason.New)]
    public async Task Of_IPv6_a_network_has_64_bits(string address, GreylistReason reason)
    {
        Greylist greylist = _bench.Greylist();
        await greylist.CheckAsync(new GreylistAttempt(IPAddress.Parse("2001:db8:1:2::1"), "joe@example.org", "ann@example.net"));
        _bench.Clock.Advance(TimeSpan.FromMinutes(6));

        Assert.Equal(reason, (await greylist.CheckAsync(new GreylistAttempt(IPAddress.Parse(address), "joe@example.org", "ann@example.net"))).Reason);
    }

    [Fact]
    public async Task What_is_put_off_is_told_when_to_come_back()
    {
        Greylist greylist = _bench.Greylist();
        GreylistResult first = await greylist.CheckAsync(new GreylistAttempt(s_client, "joe@example.org", "ann@example.net"));
        _bench.Clock.Advance(TimeSpan.FromMinutes(4));
        GreylistResult early = await greylist.CheckAsync(new GreylistAttempt(s_client, "joe@example.org", "ann@example.net"));

        Assert.Equal("TempFail 451 4.7.1 Greylisted, try again in 300 seconds", first.Verdict.ToString());
        Assert.Equal("TempFail 451 4.7.1 Greylisted, try again in 60 seconds", early.Verdict.ToString());
    }

    [Fact]
    public async Task A_client_whose_triplets_have_come_back_is_known_itself()
    {
        Greylist greylist = _bench.Greylist(options => options.AutoWhitelistAfter = 3);
        for (int i = 0; i < 3; i++)
        {
            var attempt = new GreylistAttempt(s_client, $"sender{i}@example.org", "ann@example.net");
            Assert.Equal(GreylistReason.New, (await greylist.CheckAsync(attempt)).Reason);
            _bench.Clock.Advance(TimeSpan.FromMinutes(6));
            Assert.Equal(GreylistReason.Known, (await greylist.CheckAsync(attempt)).Reason);
            if (i == 0)
            {
                // One triplet is one, however often it comes.
                Assert.Equal(GreylistReason.Known, (await greylist.CheckAsync(attempt)).Reason);
                Assert.Equal(GreylistReason.Known, (await greylist.CheckAsync(attempt)).Reason);
            }
        }

        Assert.Equal(GreylistReason.KnownClient, (await greylist.CheckAsync(new GreylistAttempt(s_client, "another@example.org", "ann@example.net"))).Reason);
        Assert.Equal(GreylistReason.New, (await greylist.CheckAsync(new GreylistAttempt(IPAddress.Parse("198.51.100.1"), "another@example.org", "ann@example.net"))).Reason);
    }

    [Theory]
    [InlineData("203.0.113.5", "joe@example.org", "ann@example.net")]
    [InlineData("192.0.2.7", "joe@lists.example.com", "ann@example.net")]
    [InlineData("192.0.2.7", "boss@example.org", "ann@example.net")]
    [InlineData("192.0.2.7", "joe@example.org", "Postmaster@example.net")]
    public async Task Exceptions_are_clients_senders_with_the_domains_below_and_recipients(string client, string sender, string recipient)
    {
        Greylist greylist = _bench.Greylist(options =>
        {
            options.ExemptClients = ["203.0.113.0/24"];
            options.ExemptSenders = ["example.com", "boss@example.org"];
            options.ExemptRecipients = ["postmaster@"];
        });

        Assert.Equal(GreylistReason.Exempt, (await greylist.CheckAsync(new GreylistAttempt(IPAddress.Parse(client), sender, recipient))).Reason);
        Assert.Equal(GreylistReason.New, (await greylist.CheckAsync(new GreylistAttempt(s_client, "joe@notexample.com", "ann@example.net"))).Reason);
    }

    [Theory]
    [InlineData("mail-ab1-f53.provider.example", "mail-cd2-f9.provider.example", GreylistReason.Known)]
    [InlineData("mail1.provider.co.uk", "mail2.other.co.uk", GreylistReason.New)]
    [InlineData("provider.co.uk", "other.co.uk", GreylistReason.New)]
    [InlineData("[192.0.2.7]", "[198.51.100.1]", GreylistReason.New)]
    [InlineData("host-192-0-2-7.dsl.isp.example", "host-198-51-100-1.dsl.isp.example", GreylistReason.New)]
    public async Task By_the_domain_of_its_host_name_a_provider_with_many_addresses_is_one_client(string first, string second, GreylistReason reason)
    {
        Greylist greylist = _bench.Greylist(options => options.Client = GreylistClient.PtrDomain);
        await greylist.CheckAsync(new GreylistAttempt(s_client, "joe@example.org", "ann@example.net", first));
        _bench.Clock.Advance(TimeSpan.FromMinutes(6));

        Assert.Equal(reason, (await greylist.CheckAsync(new GreylistAttempt(IPAddress.Parse("198.51.100.1"), "joe@example.org", "ann@example.net", second))).Reason);
    }

    [Fact]
    public async Task A_key_of_ones_own_goes_first_such_as_the_domain_that_SPF_passed()
    {
        Greylist greylist = _bench.Greylist(clientKey: new SpfDomain());
        await greylist.CheckAsync(new GreylistAttempt(s_client, "joe@example.org", "ann@example.net"));
        _bench.Clock.Advance(TimeSpan.FromMinutes(6));

        Assert.Equal(GreylistReason.Known, (await greylist.CheckAsync(new GreylistAttempt(IPAddress.Parse("198.51.100.1"), "joe@example.org", "ann@example.net"))).Reason);
        Assert.Equal(GreylistReason.New, (await greylist.CheckAsync(new GreylistAttempt(IPAddress.Parse("198.51.100.1"), "joe@nospf.example", "ann@example.net"))).Reason);
    }

    [Theory]
    [InlineData(StoreFailure.PutOff, "TempFail 451 4.3.0 Temporary local problem, try again later")]
    [InlineData(StoreFailure.Pass, "Continue")]
    public async Task While_the_store_is_away_the_option_says_what_becomes_of_mail(StoreFailure option, string verdict)
    {
        var store = new FickleStore(new MemoryPolicyStore()) { Failure = new TimeoutException() };
        Greylist greylist = new PolicyBench(store).Greylist(options => options.OnStoreFailure = option);

        GreylistResult result = await greylist.CheckAsync(new GreylistAttempt(s_client, "joe@example.org", "ann@example.net"));

        Assert.Equal((GreylistReason.StoreAway, verdict), (result.Reason, result.Verdict.ToString()));
    }

    private sealed class SpfDomain : IGreylistClientKey
    {
        public ValueTask<string?> GetAsync(GreylistAttempt attempt, CancellationToken cancellationToken) =>
            new(attempt.Sender.EndsWith("@example.org", StringComparison.Ordinal) ? "spf:example.org" : null);
    }
}
