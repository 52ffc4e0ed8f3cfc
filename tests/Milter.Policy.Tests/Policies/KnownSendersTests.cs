using Microsoft.Extensions.Options;

namespace Milter.Policy.Tests;

public sealed class KnownSendersTests
{
    private readonly PolicyBench _bench = new();

    [Fact]
    public async Task Whom_our_users_wrote_to_is_known_until_it_expires()
    {
        KnownSenders known = Known(new KnownSendersOptions { Keep = TimeSpan.FromDays(7) });
        Assert.False(await known.IsKnownAsync("joe@example.org", "ann@example.net"));
        await known.NoteAsync("ann@example.net", "Joe@Example.org");

        Assert.True(await known.IsKnownAsync("JOE@example.org", "bob@example.net"));
        Assert.False(await known.IsKnownAsync("jim@example.org", "ann@example.net"));
        _bench.Clock.Advance(TimeSpan.FromDays(6));
        await known.NoteAsync("bob@example.net", "joe@example.org");
        _bench.Clock.Advance(TimeSpan.FromDays(6));
        Assert.True(await known.IsKnownAsync("joe@example.org", "ann@example.net"));
        _bench.Clock.Advance(TimeSpan.FromDays(1));
        Assert.False(await known.IsKnownAsync("joe@example.org", "ann@example.net"));
    }

    [Fact]
    public async Task By_option_an_address_is_known_to_the_user_who_wrote()
    {
        KnownSenders known = Known(new KnownSendersOptions { PerUser = true });
        await known.NoteAsync("Ann@example.net", "joe@example.org");

        Assert.True(await known.IsKnownAsync("joe@example.org", "ann@example.net"));
        Assert.False(await known.IsKnownAsync("joe@example.org", "bob@example.net"));
    }

    [Fact]
    public async Task A_domain_that_a_postmaster_put_there_makes_all_below_it_known()
    {
        await _bench.Store.PutAsync(KnownSenders.List, "example.org", 1, TimeSpan.FromDays(100));

        Assert.True(await Known(new()).IsKnownAsync("joe@lists.example.org", "ann@example.net"));
    }

    [Fact]
    public async Task The_null_sender_and_a_store_that_is_away_are_neither_known_nor_unknown()
    {
        Assert.Null(await Known(new()).IsKnownAsync("", "ann@example.net"));
        var away = new PolicyBench(new FickleStore(new MemoryPolicyStore()) { Failure = new TimeoutException() });
        Assert.Null(await new KnownSenders(away.Access, Options.Create(new KnownSendersOptions())).IsKnownAsync("joe@example.org", "ann@example.net"));
    }

    private KnownSenders Known(KnownSendersOptions options) => new(_bench.Access, Options.Create(options));
}
