namespace Milter.Mta.Tests;

/// <summary>What only Sendmail has.</summary>
[Collection(MtaCollections.Sendmail)]
public sealed class SendmailTests
{
    [SkippableFact]
    public async Task A_quarantined_message_is_found()
    {
        await using var sink = new MessageSink();
        await using MtaServer server = await MtaServer.StartAsync(
            MtaKind.Sendmail,
            new()
            {
                SoftBounce = true,
                FilterLocalSubmission = true,
                Sendmail = new() { Mc = ["LOCAL_RULESETS", "HX-Hold: $>Hold", "SHold", "R$*\t\t$#error $@ quarantine $: look at it"] },
            },
            sink);
        await using SmtpClientSession session = await server.ConnectAsync();
        await session.EhloAsync();

        SmtpReply refused = await session.SendAsync("<sender@example.org>", ["<someone@refused.example>"], "");
        await session.ResetAsync();
        await session.SendAsync("<sender@example.org>", ["<someone@example.com>"], "Subject: x\r\n y\r\nX-Hold: now\r\n\r\nbody\r\n");

        HeldMessage held = await server.WaitForHeldAsync(m => m.Recipients.Contains("someone@example.com"));
        Assert.Equal(450, refused.Code);
        Assert.Equal("sender@example.org", held.From);
        Assert.Equal("look at it", held.Reason);
        Assert.Equal(["x\n y"], held.HeaderValues("Subject"));
        Assert.Equal("body\n", held.Body);
        Assert.Empty(sink.Messages);

        // Handed over by SMTP, so that a milter would see it.
        (await server.SubmitAsync("local@example.org", ["someone@example.com"], "Subject: from here\n\nbody\n")).Succeeded();
        SinkMessage message = await server.WaitForDeliveryAsync(m => m.From.Address == "local@example.org");
        Assert.Equal(2, message.HeaderValues("Received").Count);
    }
}
