using System.Text;
using Milter.Samples.Probe;

namespace Milter.Mta.Tests;

/// <summary>Protects libmilter's actions on envelope, body and queue, byte for byte as they are delivered.</summary>
[Collection(CaseCollection.Name)]
public sealed class RawEditTests(CaseFixture fixture)
{
    private const string From = "<sender@example.org>";

    public static TheoryData<MtaKind> Servers => CaseFixture.Servers;

    public static TheoryData<MtaKind, int> BodySizes => new()
    {
        { MtaKind.Postfix, 65_535 }, { MtaKind.Postfix, 5 << 20 }, { MtaKind.Sendmail, 65_535 }, { MtaKind.Sendmail, 5 << 20 },
    };

    [SkippableTheory, MemberData(nameof(Servers))]
    public async Task Recipients_are_added_and_removed(MtaKind kind)
    {
        await using FilterRun run = await fixture.RunAsync<PlainProbe>(kind);
        await using SmtpClientSession session = await run.OpenAsync();
        string stays = Mail.NewAddress("stays"), goes = Mail.NewAddress("goes"), added = Mail.NewAddress("added"), silent = Mail.NewAddress("silent");

        SmtpReply reply = await session.SendAsync(From, [$"<{stays}>", $"<{goes}>"], Mail.Doing(
            [$"delrcpt <{goes}>", $"addrcpt {added}", $"addrcptpar <{silent}> NOTIFY=NEVER"]));

        Assert.Equal(250, reply.Code);
        SinkMessage message = await run.DeliveredAsync(added);
        SinkMessage other = await run.DeliveredAsync(silent);
        Assert.Contains("NOTIFY=NEVER", other.Recipients.Single(r => r.Address == silent).Arguments);
        Assert.True(message.IsFor(stays));
        Assert.DoesNotContain(run.Server.Sink.Messages, m => m.IsFor(goes));
    }

    [SkippableTheory, MemberData(nameof(Servers))]
    public async Task Without_its_last_recipient_a_message_goes_nowhere(MtaKind kind)
    {
        await using FilterRun run = await fixture.RunAsync<PlainProbe>(kind);
        string to = Mail.NewAddress();

        SmtpReply reply = await run.SendAsync(to, Mail.Doing([$"delrcpt <{to}>"]));

        Assert.Equal(250, reply.Code);
        await run.AssertNotDeliveredAsync(to);
    }

    [SkippableTheory, MemberData(nameof(Servers))]
    public async Task The_sender_is_changed_with_its_arguments(MtaKind kind)
    {
        await using FilterRun run = await fixture.RunAsync<PlainProbe>(kind);

        SinkMessage plain = await run.PassAsync(Mail.Doing(["chgfrom <new@example.net>"]));
        SinkMessage rich = await run.PassAsync(Mail.Doing(["chgfrom <new@example.net> RET=HDRS ENVID=e1"]));
        SinkMessage none = await run.PassAsync(Mail.Doing(["chgfrom <>"]));

        Assert.Equal("new@example.net", plain.From.Address);
        Assert.Equal("new@example.net", rich.From.Address);
        Assert.Contains("RET=HDRS", rich.From.Arguments);
        Assert.Contains("ENVID=e1", rich.From.Arguments);
        Assert.Equal("", none.From.Address);
    }

    [SkippableTheory, MemberData(nameof(Servers))]
    public async Task The_body_is_replaced(MtaKind kind)
    {
        await using FilterRun run = await fixture.RunAsync<PlainProbe>(kind);

        SinkMessage message = await run.PassAsync(Mail.Doing(["body .one", "body two"]));

        Assert.Equal(".one\r\ntwo\r\n", message.Body);
    }

    [SkippableTheory, MemberData(nameof(Servers))]
    public async Task The_body_is_emptied(MtaKind kind)
    {
        await using FilterRun run = await fixture.RunAsync<PlainProbe>(kind);

        SinkMessage message = await run.PassAsync(Mail.Doing(["bigbody 0"]));

        Assert.Equal("", message.Body);
    }

    [SkippableTheory, MemberData(nameof(BodySizes))]
    public async Task A_large_body_is_put_in_place(MtaKind kind, int size)
    {
        await using FilterRun run = await fixture.RunAsync<PlainProbe>(kind);

        SinkMessage message = await run.PassAsync(Mail.Doing([$"bigbody {size}", "add X-After it"]));

        string expected = string.Concat(Enumerable.Repeat("0123456789abcdef\r\n", size / 18 + 1))[..size];
        expected = expected.EndsWith("\r\n", StringComparison.Ordinal) ? expected : expected.TrimEnd('\r') + "\r\n";
        Assert.Equal(expected.Length, message.Body.Length);
        Assert.True(expected == message.Body);
        Assert.Equal(["it"], message.HeaderValues("X-After"));
    }

    // Postfix says "milter triggers HOLD action" in its log, and the reason nowhere.
    [SkippableTheory, MemberData(nameof(Servers))]
    public async Task A_message_is_held(MtaKind kind)
    {
        await using FilterRun run = await fixture.RunAsync<PlainProbe>(kind);
        string to = Mail.NewAddress();

        SmtpReply reply = await run.SendAsync(to, Mail.Doing(["quarantine look at it"], "Subject: s\r\n"));

        Assert.Equal(250, reply.Code);
        HeldMessage held = await run.Server.WaitForHeldAsync(message => message.Recipients.Contains(to));
        Assert.Equal("sender@example.org", held.From);
        Assert.Equal(["s"], held.HeaderValues("Subject"));
        Assert.Equal("body\n", held.Body);
        Assert.Equal(kind == MtaKind.Sendmail ? "look at it" : null, held.Reason);
        Assert.DoesNotContain(run.Server.Sink.Messages, m => m.IsFor(to));
    }

    // What the filter saw is what was sent: counts and checksum of an 8-bit body, with its dots undone.
    [SkippableTheory, MemberData(nameof(Servers))]
    public async Task The_filter_sees_what_was_sent(MtaKind kind)
    {
        await using FilterRun run = await fixture.RunAsync<PlainProbe>(kind);
        string to = Mail.NewAddress();
        string body = ".dot\r\nd\xE9j\xE0 vu\r\n";

        SinkMessage message = await run.PassAsync(
            Mail.Doing(["echo"], "X-8bit: d\xE9j\xE0\r\n", body), to, from: $"{From} SIZE=1000 BODY=8BITMIME");

        IReadOnlyDictionary<string, string> seen = message.Seen();
        Assert.Equal(("inet", "127.0.0.1", "client.example.org"), (seen["family"], seen["addr"], seen["helo"]));
        Assert.Equal((From, "SIZE=1000,BODY=8BITMIME", $"<{to}>"), (seen["from"], seen["fromargs"], seen["rcpts"]));
        Assert.Equal("5", seen["headers"]);
        Assert.Equal(body.Length.ToString(System.Globalization.CultureInfo.InvariantCulture), seen["body"]);
        Assert.Equal($"{Crc32.Append(0, Encoding.Latin1.GetBytes(body)):x8}", seen["crc"]);
        Assert.Equal(["d\xE9j\xE0"], message.HeaderValues("X-8bit"));
        Assert.Equal(body, message.Body);
    }

    [SkippableTheory, MemberData(nameof(Servers))]
    public async Task The_filter_sees_all_of_a_large_message(MtaKind kind)
    {
        await using FilterRun run = await fixture.RunAsync<PlainProbe>(kind);
        string body = string.Concat(Enumerable.Range(0, 100_000).Select(i => $"{i:D10} {new string('x', 40)}\r\n"));

        SinkMessage message = await run.PassAsync(Mail.Doing(["echo"], body: body));

        Assert.Equal($"{body.Length}", message.Seen()["body"]);
        Assert.Equal($"{Crc32.Append(0, Encoding.Latin1.GetBytes(body)):x8}", message.Seen()["crc"]);
        Assert.True(body == message.Body);
    }
}
