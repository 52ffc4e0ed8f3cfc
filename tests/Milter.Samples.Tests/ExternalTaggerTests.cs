using Milter.Client;
using Milter.Protocol;

namespace Milter.Samples.Tests;

public sealed class ExternalTaggerTests(TaggerServer server) : IClassFixture<TaggerServer>
{
    [Fact]
    public async Task Mail_from_outside_is_tagged()
    {
        MilterOutcome played = await server.PlayAsync(Mailbox.Letter("Subject: Hello"));

        Assert.True(played.IsDelivered);
        Assert.Equal([" [EXTERNAL] Hello"], played.Result.Values("Subject"));
        Assert.Equal([" AttrMilter Quickstart"], played.Result.Values("X-Milter"));
        Assert.Equal("X-Milter", played.Result.Content.Headers[^1].Name);
    }

    [Fact]
    public async Task The_MTA_waits_once()
    {
        MilterOutcome played = await server.PlayAsync(Mailbox.Letter("Subject: Hello"));

        Assert.Equal(1, played.Waits);
        Assert.Equal([MilterCommand.EndOfMessage], played.Agreement.WaitedFor);
        Assert.Equal(MilterActions.AddHeaders | MilterActions.ChangeHeaders, played.Agreement.Actions);
    }

    [Theory]
    [InlineData("Subject: You won the LOTTERY")]
    [InlineData("Subject: \"lottery\"")]
    [InlineData("Subject: Free\n money inside")]
    [InlineData("Subject: Free\n\t money inside")]
    [InlineData("Subject: Glückwunsch")]
    [InlineData("Subject: =?utf-8?Q?GL=C3=9CCKWUNSCH!?=")]
    [InlineData("Subject: =?iso-8859-1?B?R2z8Y2t3dW5zY2g=?=")]
    [InlineData("Subject: =?utf-8?Q?Gl=C3=BCck?=\n =?utf-8?Q?wunsch?=")]
    public async Task A_listed_word_is_refused(string header)
    {
        MilterOutcome played = await server.PlayAsync(Mailbox.Letter(header));

        Assert.Equal(MilterVerdict.Reject, played.Verdict);
        Assert.StartsWith("550 5.7.1 ", played.SmtpReply.ToString(), StringComparison.Ordinal);
        Assert.Empty(played.Modifications);
    }

    [Fact]
    public async Task A_listed_word_is_refused_from_inside_too()
    {
        MilterOutcome played = await server.PlayAsync(Mailbox.Letter("Subject: lottery", "127.0.0.1"));

        Assert.Equal(MilterVerdict.Reject, played.Verdict);
    }

    [Theory]
    [InlineData("Subject: The lotteryless week")]
    [InlineData("Subject: Glückwunschkarte")]
    [InlineData("Subject: =?utf-8?Q?Gl=C3=BCckwunsch=C3=A4hnlich?=")]
    [InlineData("X-Subject: lottery")]
    public async Task Part_of_a_word_is_not_a_listed_word(string header)
    {
        MilterOutcome played = await server.PlayAsync(Mailbox.Letter(header));

        Assert.True(played.IsDelivered);
    }

    [Theory]
    [InlineData("203.0.113.7", "anna")] // has logged in
    [InlineData("127.0.0.1", null)] // this machine
    [InlineData("::1", null)]
    [InlineData(null, null)] // Sendmail's local submission: localhost, family unknown
    [InlineData("192.0.2.99", null)] // a trusted network
    [InlineData("2001:db8:5::1", null)]
    public async Task Mail_from_inside_keeps_its_subject(string? client, string? login)
    {
        MilterOutcome played = await server.PlayAsync(Mailbox.Letter("Subject: Cron <root@host> backup", client, login));

        Assert.Equal([" Cron <root@host> backup"], played.Result.Values("Subject"));
        Assert.Single(played.Modifications);
        Assert.Single(played.Result.Values("X-Milter"));
    }

    [Theory]
    [InlineData("192.0.3.1")]
    [InlineData("2001:db9::1")]
    public async Task An_address_beside_a_trusted_network_is_outside(string client)
    {
        MilterOutcome played = await server.PlayAsync(Mailbox.Letter("Subject: Hello", client));

        Assert.Equal([" [EXTERNAL] Hello"], played.Result.Values("Subject"));
    }

    [Theory]
    [InlineData("Subject: [EXTERNAL] Hello")]
    [InlineData("Subject: Re: [external] Hello")]
    [InlineData("Subject: =?utf-8?Q?AW:_[EXTERNAL]_Gr=C3=BC=C3=9Fe?=")]
    public async Task A_tagged_subject_is_not_tagged_again(string header)
    {
        Letter letter = Mailbox.Letter(header);

        MilterOutcome played = await server.PlayAsync(letter);

        Assert.Equal(letter.Message.Values("Subject"), played.Result.Values("Subject"));
    }

    [Theory]
    [InlineData("")]
    [InlineData("Subject:")]
    [InlineData("Subject:  ")]
    public async Task Without_a_subject_the_tag_is_the_subject(string header)
    {
        MilterOutcome played = await server.PlayAsync(Mailbox.Letter(header));

        Assert.Equal([" [EXTERNAL]"], played.Result.Values("Subject"));
    }

    [Fact]
    public async Task Encoded_words_and_folds_stay_as_they_were_sent()
    {
        MilterOutcome played = await server.PlayAsync(Mailbox.Letter("Subject: =?utf-8?Q?Gr=C3=BC=C3=9Fe?=\n =?utf-8?Q?_aus_Bonn?= and\n\tmore"));

        Assert.Equal([" [EXTERNAL] =?utf-8?Q?Gr=C3=BC=C3=9Fe?=\n =?utf-8?Q?_aus_Bonn?= and\n\tmore"], played.Result.Values("Subject"));
        Assert.Equal("[EXTERNAL] Grüße aus Bonn and\tmore", Quickstart.Demo.Letter.SubjectOf(played.Result));
    }

    [Fact]
    public async Task Of_two_subjects_the_first_is_kept()
    {
        MilterOutcome played = await server.PlayAsync(Mailbox.Letter("Subject: one\nSubject: two"));

        Assert.Equal([" [EXTERNAL] one"], played.Result.Values("Subject"));
    }

    [Fact]
    public async Task A_subject_that_breaks_the_rules_is_tagged_all_the_same()
    {
        string endless = new('x', 3000);

        MilterOutcome played = await server.PlayAsync(Mailbox.Letter($"Subject: a\rb{endless}"));

        Assert.Equal([$" [EXTERNAL] ab{endless}"], played.Result.Values("Subject"));
    }

    [Fact]
    public async Task Settings_are_obeyed()
    {
        var other = new TaggerServer(("Quickstart:Tag", "[Außen]"), ("Quickstart:HeaderValue", "mx1"));
        await other.InitializeAsync();
        try
        {
            MilterOutcome played = await other.PlayAsync(Mailbox.Letter("Subject: lottery"));

            Assert.Equal("[Außen] lottery", Quickstart.Demo.Letter.SubjectOf(played.Result));
            Assert.All(played.Result.Values("Subject")[0], character => Assert.True(char.IsAscii(character)));
            Assert.Equal([" mx1"], played.Result.Values("X-Milter"));
        }
        finally
        {
            await other.DisposeAsync();
        }
    }
}
