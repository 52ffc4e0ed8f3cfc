using Milter.Auth;

namespace Milter.Tests;

/// <summary>The budget of a message.</summary>
public sealed class MessageDnsTests
{
    [Fact]
    public async Task A_question_is_put_once_a_message_even_if_nobody_answers()
    {
        var fake = new FakeDns().Failing("host.example", DnsRecordType.A);
        using var dns = new MessageDns(fake, new DnsOptions(), TimeProvider.System);

        await dns.QueryAsync("host.example", DnsRecordType.A, CancellationToken.None);
        DnsAnswer again = await dns.QueryAsync("HOST.example.", DnsRecordType.A, CancellationToken.None);

        Assert.Equal(DnsStatus.Failed, again.Status);
        Assert.Single(fake.Asked);
    }

    [Fact]
    public async Task Questions_beyond_the_budget_are_failures_that_name_the_option()
    {
        var fake = new FakeDns();
        using var dns = new MessageDns(fake, new DnsOptions { MessageQueries = 10 }, TimeProvider.System);
        DnsAnswer last = DnsAnswer.NoData();
        for (int i = 0; i < 11; i++)
        {
            last = await dns.QueryAsync($"n{i}.example", DnsRecordType.A, CancellationToken.None);
        }

        Assert.Equal(10, fake.Asked.Count);
        Assert.Contains("Dns:MessageQueries", last.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public async Task When_the_time_is_up_the_open_question_and_all_others_are_failures()
    {
        var clock = new ManualTime();
        using var dns = new MessageDns(new NeverDns(), new DnsOptions { MessageBudget = TimeSpan.FromSeconds(5) }, clock);

        ValueTask<DnsAnswer> open = dns.QueryAsync("a.example", DnsRecordType.A, CancellationToken.None);
        clock.Advance(TimeSpan.FromSeconds(6));

        Assert.Contains("Dns:MessageBudget", (await open).Reason, StringComparison.Ordinal);
        Assert.Contains("Dns:MessageBudget", (await dns.QueryAsync("b.example", DnsRecordType.A, CancellationToken.None)).Reason, StringComparison.Ordinal);
    }

    private sealed class NeverDns : IDnsQuery
    {
        public async ValueTask<DnsAnswer> QueryAsync(string name, DnsRecordType type, CancellationToken cancellation)
        {
            await Task.Delay(Timeout.Infinite, cancellation);
            return DnsAnswer.NoData();
        }
    }
}
