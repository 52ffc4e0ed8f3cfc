namespace Milter.Client.Tests;

/// <summary>Messages and sessions for tests.</summary>
internal static class Mail
{
    public static SmtpSession Session(string address = "192.0.2.7", string? name = "client.example.test") =>
        new(SmtpClientInfo.At(address, name, 43826)) { HeloName = "client.example.test", ServerName = "mx.example.test" };

    public static MailTransaction Message(string content = "Subject: hi\n\nbody\n", params string[] recipients)
    {
        var message = new MailTransaction { Sender = "a@example.test", Content = MailContent.Parse(content), QueueId = "Q1" };
        foreach (string recipient in recipients.DefaultIfEmpty("b@example.test"))
        {
            message.Recipients.Add(recipient);
        }

        return message;
    }
}
