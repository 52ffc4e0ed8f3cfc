namespace Milter.Client.Tests.Docs;

/// <summary>The code of docs/client.md: compiled here, run by <see cref="ClientPageTests"/>, compared with the page by it.</summary>
internal static class ClientExamples
{
    public static async Task<MilterOutcome> WholeMessageAsync(string endPoint)
    {
        await using var client = new MilterClient(endPoint);

        var session = new SmtpSession(SmtpClientInfo.At("192.0.2.7", "client.example.test")) { HeloName = "client.example.test", ServerName = "mx.example.net" };
        var message = new MailTransaction { Sender = "joe@example.test", Content = MailContent.Parse("Subject: hi\n\nbody\n"), QueueId = "4Xk2P6hRbz1Fm" };
        message.Recipients.Add("ann@example.net");

        MilterOutcome outcome = await client.FilterAsync(session, message);
        if (outcome.IsDelivered)
        {
            await StoreAsync(outcome.Result.Sender, outcome.Result.Recipients, outcome.Result.Content.ToBytes());
        }

        Console.WriteLine(outcome.SmtpReply);
        return outcome;
    }

    public static async Task<MilterOutcome> StepByStepAsync(string endPoint, SmtpSession session, MailTransaction message)
    {
        await using MilterConnection milter = await MilterConnection.OpenAsync(endPoint);
        await milter.ConnectAsync(session);
        await milter.HeloAsync("client.example.test");

        StepReply mail = await milter.MailAsync(message);
        if (mail.IsRefusal)
        {
            Console.WriteLine(mail.SmtpReply);
        }

        StepReply rcpt = await milter.RcptAsync("ann@example.net");
        if (!rcpt.IsRefusal)
        {
            message.Recipients.Add("ann@example.net");
        }

        await milter.DataAsync();
        message.Content = MailContent.Parse("Subject: hi\n\nbody\n");
        MilterOutcome outcome = await milter.FilterContentAsync();
        await milter.QuitAsync();
        return outcome;
    }

    public static async Task<SmtpReply> PolicyAsync(MilterClient client, SmtpSession session, MailTransaction message)
    {
        try
        {
            return (await client.FilterAsync(session, message)).SmtpReply;
        }
        catch (MilterClientException exception)
        {
            Console.Error.WriteLine(exception.Message);
            return new SmtpReply(451, "4.7.1", "Service unavailable - try again later");
        }
    }

    public static MilterClient AsSendmail(string endPoint)
    {
        var options = new MilterClientOptions
        {
            Personality = MtaPersonality.Sendmail,
            Timeouts = MilterTimeouts.Sendmail with { Connect = TimeSpan.FromSeconds(5) },
        };
        return new MilterClient(endPoint, options, keepConnections: 4);
    }

    private static Task StoreAsync(MailPath sender, IList<MailPath> recipients, byte[] content)
    {
        Assert.True(content.Length > 0 && recipients.Count > 0 && sender.Address.Length > 0);
        return Task.CompletedTask;
    }
}
