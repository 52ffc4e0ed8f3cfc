using System.Text;

namespace Milter.Mta.Tests;

/// <summary>What holds on both servers.</summary>
[Collection(MtaCollections.Both)]
public sealed class BothServersTests(SelfTestFixture fixture) : IClassFixture<SelfTestFixture>
{
    public static TheoryData<MtaKind> Servers => [MtaKind.Postfix, MtaKind.Sendmail];

    [SkippableTheory, MemberData(nameof(Servers))]
    public async Task A_message_is_delivered_as_it_was_sent(MtaKind kind)
    {
        MtaServer server = await fixture.GetAsync(kind);
        string to = $"{Guid.NewGuid():N}@example.com";
        await using SmtpClientSession session = await server.ConnectAsync();
        await session.EhloAsync();

        SmtpReply reply = await session.SendAsync(
            "<sender@example.org> BODY=8BITMIME",
            [$"<{to}> NOTIFY=NEVER", "<second@example.com>"],
            "Subject: one\r\n two\r\nX-Same: a\r\nX-Same: b\r\n\r\n.dot\r\n..dots\r\nd\xE9j\xE0 vu\r\n");
        await session.QuitAsync();

        Assert.Equal(250, reply.Code);
        SinkMessage message = await server.WaitForDeliveryAsync(m => m.IsFor(to));
        Assert.Equal("sender@example.org", message.From.Address);
        Assert.Contains("BODY=8BITMIME", message.From.Arguments);
        Assert.Equal(2, message.Recipients.Count);
        Assert.True(message.IsFor("second@example.com"));
        Assert.Contains("NOTIFY=NEVER", message.Recipients.Single(r => r.Address == to).Arguments);
        Assert.Equal(["one\n two"], message.HeaderValues("subject"));
        Assert.Equal(["a", "b"], message.HeaderValues("X-Same"));
        Assert.Equal(".dot\r\n..dots\r\nd\xE9j\xE0 vu\r\n", message.Body);
    }

    [SkippableTheory, MemberData(nameof(Servers))]
    public async Task Commands_may_be_pipelined(MtaKind kind)
    {
        MtaServer server = await fixture.GetAsync(kind);
        string to = $"{Guid.NewGuid():N}@example.com";
        await using SmtpClientSession session = await server.ConnectAsync();
        await session.EhloAsync();

        IReadOnlyList<SmtpReply> replies = await session.PipelineAsync(
            "MAIL FROM:<sender@example.org>", "RCPT TO:<nobody@refused.example>", $"RCPT TO:<{to}>", "DATA");
        await session.SendRawAsync("Subject: x\r\n\r\nbody\r\n.\r\nRSET\r\n"u8.ToArray());

        Assert.Equal([250, 550, 250, 354], replies.Select(r => r.Code));
        Assert.Equal("5.1.1", replies[1].Text.Split(' ')[0]);
        Assert.Equal(250, (await session.ReadReplyAsync()).Code);
        Assert.Equal(250, (await session.ReadReplyAsync()).Code);
        Assert.Equal([to], (await server.WaitForDeliveryAsync(m => m.IsFor(to))).Recipients.Select(r => r.Address));
    }

    [SkippableTheory, MemberData(nameof(Servers))]
    public async Task A_session_goes_on_encrypted_after_STARTTLS(MtaKind kind)
    {
        MtaServer server = await fixture.GetAsync(kind);
        string to = $"{Guid.NewGuid():N}@example.com";
        await using SmtpClientSession session = await server.ConnectAsync();
        await session.EhloAsync();

        await session.StartTlsAsync(server.Certificate!);
        await session.EhloAsync();
        await session.SendAsync("<sender@example.org>", [$"<{to}>"], "Subject: x\r\n\r\nbody\r\n");

        SinkMessage message = await server.WaitForDeliveryAsync(m => m.IsFor(to));
        Assert.Contains("ESMTPS", message.HeaderValues("Received")[0], StringComparison.Ordinal);
    }

    [SkippableTheory, MemberData(nameof(Servers))]
    public async Task The_sendmail_command_takes_mail(MtaKind kind)
    {
        MtaServer server = await fixture.GetAsync(kind);
        string to = $"{Guid.NewGuid():N}@example.com";

        CommandResult result = await server.SubmitAsync("local@example.org", [to], "Subject: from here\n\n.\nbody\n");

        result.Succeeded();
        SinkMessage message = await server.WaitForDeliveryAsync(m => m.IsFor(to));
        Assert.Equal("local@example.org", message.From.Address);
        Assert.Equal(".\r\nbody\r\n", message.Body);
    }

    [SkippableTheory, MemberData(nameof(Servers))]
    public async Task A_client_that_drops_in_mid_message_leaves_no_message(MtaKind kind)
    {
        MtaServer server = await fixture.GetAsync(kind);
        string to = $"{Guid.NewGuid():N}@example.com";
        await using SmtpClientSession dropping = await server.ConnectAsync();
        await dropping.EhloAsync();
        await dropping.CommandAsync("MAIL FROM:<sender@example.org>", 250);
        await dropping.CommandAsync($"RCPT TO:<dropped-{to}>", 250);
        await dropping.CommandAsync("DATA", 354);
        await dropping.SendRawAsync("Subject: x\r\n\r\nhalf a li"u8.ToArray());
        dropping.Drop();

        await using SmtpClientSession session = await server.ConnectAsync();
        await session.EhloAsync();
        await session.CommandAsync("MAIL FROM:<other@example.org>", 250);
        await session.ResetAsync();
        await session.SendAsync("<sender@example.org>", [$"<{to}>"], Encoding.ASCII.GetBytes("Subject: x\r\n\r\nbody\r\n"));

        await server.WaitForDeliveryAsync(m => m.IsFor(to));
        Assert.DoesNotContain(server.Sink.Messages, m => m.IsFor($"dropped-{to}"));
    }
}
