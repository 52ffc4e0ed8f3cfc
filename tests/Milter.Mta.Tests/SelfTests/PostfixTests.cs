namespace Milter.Mta.Tests;

/// <summary>What only Postfix has.</summary>
[Collection(MtaCollections.Postfix)]
public sealed class PostfixTests(SelfTestFixture fixture) : IClassFixture<SelfTestFixture>
{
    [SkippableFact]
    public async Task A_client_may_pretend_to_come_from_outside()
    {
        MtaServer server = await fixture.GetAsync(MtaKind.Postfix);
        string to = $"{Guid.NewGuid():N}@example.com";
        await using SmtpClientSession session = await server.ConnectAsync();
        await session.EhloAsync();

        SmtpReply greeting = await session.XclientAsync("ADDR=203.0.113.9 NAME=mail.example.org");
        await session.EhloAsync();
        SmtpReply refused = await session.SendAsync("<sender@example.org>", ["<someone@elsewhere.example>"], "");
        await session.ResetAsync();
        await session.SendAsync("<sender@example.org>", [$"<{to}>"], "Subject: x\r\n\r\nbody\r\n");

        Assert.Equal(220, greeting.Code);
        Assert.Equal(554, refused.Code);
        SinkMessage message = await server.WaitForDeliveryAsync(m => m.IsFor(to));
        Assert.Contains("mail.example.org [203.0.113.9]", message.HeaderValues("Received")[0], StringComparison.Ordinal);
    }

    [SkippableFact]
    public async Task Addresses_may_be_in_UTF8()
    {
        MtaServer server = await fixture.GetAsync(MtaKind.Postfix);
        string to = $"żółw-{Guid.NewGuid():N}@example.com";
        await using SmtpClientSession session = await server.ConnectAsync();
        await session.EhloAsync();

        SmtpReply reply = await session.SendAsync("<jürgen@example.org> SMTPUTF8", [$"<{to}>"], "Subject: x\r\n\r\nbody\r\n");

        Assert.Equal(250, reply.Code);
        SinkMessage message = await server.WaitForDeliveryAsync(m => m.IsFor(to));
        Assert.Equal("jürgen@example.org", message.From.Address);
        Assert.Contains("SMTPUTF8", message.From.Arguments);
    }

    [SkippableFact]
    public async Task A_held_message_is_found()
    {
        await using var sink = new MessageSink();
        await using MtaServer server = await MtaServer.StartAsync(
            MtaKind.Postfix,
            new() { SoftBounce = true, Postfix = new() { MainCf = ["smtpd_sender_restrictions = check_sender_access inline:{ { hold.example = HOLD look at it } }"] } },
            sink);
        await using SmtpClientSession session = await server.ConnectAsync();
        await session.EhloAsync();

        SmtpReply refused = await session.SendAsync("<sender@hold.example>", ["<someone@refused.example>"], "");
        await session.ResetAsync();
        await session.SendAsync("<sender@hold.example>", ["<someone@example.com>"], "Subject: x\r\n\r\nbody\r\n");

        HeldMessage held = await server.WaitForHeldAsync(m => m.Recipients.Contains("someone@example.com"));
        Assert.Equal(450, refused.Code);
        Assert.Equal("sender@hold.example", held.From);
        Assert.Equal(["x"], held.HeaderValues("Subject"));
        Assert.Equal("body\n", held.Body);
        Assert.Empty(sink.Messages);
    }

    [SkippableFact]
    public async Task A_server_that_does_not_start_says_why()
    {
        await MtaRequirement.DemandAsync(MtaKind.Postfix);
        await using var sink = new MessageSink();
        MtaOptions options = new() { Postfix = new() { MainCf = ["inet_interfaces = 203.0.113.200"] } };

        var failure = await Assert.ThrowsAnyAsync<Xunit.Sdk.XunitException>(() => MtaServer.StartAsync(MtaKind.Postfix, options, sink));

        Assert.Contains("no local interface found for 203.0.113.200", failure.Message, StringComparison.Ordinal);
    }
}
