using Milter.Client;
using Milter.Protocol;

namespace Milter.Mta.Tests;

/// <summary>Protects those who try a filter on a personality from a reply that passes there and switches the filter off on a real Postfix.</summary>
public sealed class BrokenReplyTests(PersonalityFixture fixture) : IClassFixture<PersonalityFixture>
{
    [SkippableTheory]
    [InlineData("550 192.0.2.7 is listed", true)]
    [InlineData("450 5 items", true)]
    [InlineData("550 4.7.1 later", true)]
    [InlineData("550 5 items", false)]
    [InlineData("550 No", false)]
    [InlineData("550 5.7.1 192.0.2.7 is listed", false)]
    public async Task Postfix_and_its_personality_take_the_same_replies_for_broken(string text, bool isBroken)
    {
        MtaServer server = await fixture.GetAsync(MtaKind.Postfix);
        await using var filter = new RawFilter(fixture.Back(MtaKind.Postfix), new RawScript { Answer = told => told.StartsWith('R') ? [$"y {text}\\0"] : null });

        Assert.Equal((isBroken, isBroken ? "451 4.3.5 Server configuration problem - try again later" : text), await AskServerAsync(server));
        Assert.Equal((isBroken, isBroken ? "" : text), await AskPersonalityAsync(MtaPersonality.Postfix));
    }

    [SkippableTheory]
    [InlineData("550 192.0.2.7 is listed")]
    [InlineData("550 5 items")]
    public async Task Sendmail_knows_no_such_rule_and_its_personality_complains_of_what_Postfix_would_do(string text)
    {
        MtaServer server = await fixture.GetAsync(MtaKind.Sendmail);
        await using var filter = new RawFilter(fixture.Back(MtaKind.Sendmail), new RawScript { Answer = told => told.StartsWith('R') ? [$"y {text}\\0"] : null });
        string folder = fixture.NewFolder();
        await using (fixture.StartProxy(MtaKind.Sendmail, folder))
        {
            await using SmtpClientSession session = await server.ConnectAsync();
            await session.EhloAsync();
            await session.CommandAsync("MAIL FROM:<a@example.org>", 250);
            Assert.EndsWith(text[4..], (await session.CommandAsync("RCPT TO:<two@example.com>")).ToString(), StringComparison.Ordinal);
            await session.QuitAsync();
            Assert.True(await Deadline.UntilAsync(() => Directory.EnumerateFiles(folder).Any()), server.LogTail);
        }

        Assert.False((await AskPersonalityAsync(MtaPersonality.Sendmail)).IsBroken);
    }

    private async Task<(bool IsBroken, string Reply)> AskServerAsync(MtaServer server)
    {
        int logged = server.Log.Length;
        string folder = fixture.NewFolder();
        await using (fixture.StartProxy(server.Kind, folder))
        {
            await using SmtpClientSession session = await server.ConnectAsync();
            await session.EhloAsync();
            await session.CommandAsync("MAIL FROM:<a@example.org>", 250);
            SmtpReply reply = await session.CommandAsync("RCPT TO:<two@example.com>");
            await session.QuitAsync();

            // The filter serves one session after the other.
            Assert.True(await Deadline.UntilAsync(() => Directory.EnumerateFiles(folder).Any()), server.LogTail);
            bool isBroken = reply.Code == 451 && await Deadline.UntilAsync(() => server.Log[logged..].Contains("malformed reply", StringComparison.Ordinal));
            return (isBroken, reply.ToString());
        }
    }

    private async Task<(bool IsBroken, string Reply)> AskPersonalityAsync(MtaPersonality personality)
    {
        await using MilterConnection milter = await MilterConnection.OpenAsync($"unix:{fixture.Back(personality == MtaPersonality.Postfix ? MtaKind.Postfix : MtaKind.Sendmail)}", new MilterClientOptions { Personality = personality });
        try
        {
            await milter.ConnectAsync(new SmtpSession(SmtpClientInfo.At("127.0.0.1", null, 1025)));
            await milter.HeloAsync("client.example.org");
            await milter.MailAsync(new MailTransaction { Sender = new MailPath("a@example.org") });
            StepReply reply = await milter.RcptAsync(new MailPath("two@example.com"));
            return (false, string.Join('\n', reply.SmtpReply!.ToSmtpLines()));
        }
        catch (MilterClientException e) when (e.Error == MilterClientError.Protocol)
        {
            return (true, "");
        }
    }
}
