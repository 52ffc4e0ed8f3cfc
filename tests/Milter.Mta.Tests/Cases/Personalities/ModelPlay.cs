using System.Net;
using System.Text;
using Milter.Client;
using Milter.Protocol;

namespace Milter.Mta.Tests;

/// <summary>Does the moves of a case with a personality, and tells what it would say and deliver.</summary>
internal sealed class ModelPlay(MtaServer server, MilterConnection milter, Story story)
{
    private SmtpSession? _session;
    private int _messages;

    private bool IsPostfix => server.Kind == MtaKind.Postfix;

    public async Task PlayAsync(PersonalityCase played, int clientPort)
    {
        _session = Session(played, clientPort);
        await milter.ConnectAsync(_session);
        await HelloAsync(played.IsLocal && IsPostfix ? "localhost" : PersonalityTests.ClientName);
        foreach (Move move in played.Moves)
        {
            switch (move)
            {
                case Move.Hello hello:
                    await HelloAsync(hello.Name);
                    break;
                case Move.Begin begin:
                    await BeginAsync(begin);
                    break;
                case Move.Message message:
                    await SendAsync(message);
                    break;
                case Move.StartTls:
                    _session.Tls = new SmtpTls();
                    await HelloAsync(PersonalityTests.ClientName);
                    break;
                case Move.Reset:
                    await milter.AbortAsync();
                    break;
                case Move.Unknown unknown:
                    // What the server hands on of the line is no matter of the milter protocol.
                    StepReply reply = await milter.UnknownAsync(IsPostfix ? unknown.Line.Split(' ')[0] : unknown.Line);
                    story.Reply(unknown.Line, reply.SmtpReply is { } words ? Words(words) : Story.Own(false));
                    break;
            }
        }

        await milter.QuitAsync();
    }

    private static string Words(Client.SmtpReply? reply) => reply is null ? Story.Own(true) : string.Join('\n', reply.ToSmtpLines());

    // What the server's configuration says, and what it knows of the client.
    private SmtpSession Session(PersonalityCase played, int clientPort)
    {
        string? name = IsPostfix && !played.IsLocal ? null : "localhost";
        var session = new SmtpSession(played.Client ?? SmtpClientInfo.At("127.0.0.1", name, clientPort))
        {
            Origin = played.IsLocal ? MailOrigin.Local : MailOrigin.Smtp,
            ServerName = MtaServer.HostName,
            ServerAddress = IPAddress.Loopback,
            ServerPort = server.Port,
        };
        session.Macros["if_name"] = "localhost";
        session.NextQueueId = $"Q{_messages}";
        return session;
    }

    // A server lets HELO pass, and says a refusal at MAIL.
    private async Task HelloAsync(string name)
    {
        _session!.NextQueueId = $"Q{_messages}";
        await milter.HeloAsync(name);
        story.Reply("EHLO", Story.Own(true));
    }

    private MailTransaction Transaction(MailPath from, string content)
    {
        var transaction = new MailTransaction
        {
            Sender = from,
            Content = MailContent.Parse(Encoding.Latin1.GetBytes(content)),
            Received = new MailHeader("Received", $"from {PersonalityTests.ClientName} by {MtaServer.HostName} (a server)"),
            QueueId = $"Q{_messages}",
        };
        string mailer = IsPostfix ? "smtp" : "relay";
        string host = IsPostfix ? $"[127.0.0.1]:{server.Sink.Port}" : "[127.0.0.1]";
        foreach (string of in IsPostfix || from.Address.Length > 0 ? ["mail", "rcpt"] : new[] { "rcpt" })
        {
            transaction.Macros[$"{of}_mailer"] = mailer;
            transaction.Macros[$"{of}_host"] = host;
        }

        return transaction;
    }

    private async Task<StepReply> MailAsync(MailTransaction transaction)
    {
        StepReply reply = await milter.MailAsync(transaction);
        TellMail(reply);
        return reply;
    }

    // Sendmail gives a new id after each message that it has begun.
    private void TellMail(StepReply reply)
    {
        story.Reply("MAIL", Words(reply.SmtpReply));
        _messages += reply.IsRefusal ? 0 : 1;
    }

    private RefusedRecipient Refused(Recipient recipient)
    {
        (string code, string text) = recipient.RefusalOf(server.Kind);
        return new RefusedRecipient(recipient.Path, new Client.SmtpReply(550, code, text));
    }

    private async Task BeginAsync(Move.Begin begin)
    {
        if ((await MailAsync(Transaction(begin.From, ""))).IsRefusal)
        {
            return;
        }

        foreach (Recipient recipient in begin.To)
        {
            await RcptAsync(recipient);
        }
    }

    private async Task<bool> RcptAsync(Recipient recipient)
    {
        if (recipient.IsRefused)
        {
            await milter.RefusedRcptAsync(Refused(recipient));
            story.Reply($"RCPT {recipient.Path}", Story.Own(false));
            return false;
        }

        StepReply reply = await milter.RcptAsync(recipient.Path);
        story.Reply($"RCPT {recipient.Path}", Words(reply.SmtpReply));
        return !reply.IsRefusal;
    }

    private Task SendAsync(Move.Message message)
    {
        bool refusedAreLast = !message.To.SkipWhile(recipient => !recipient.IsRefused).Any(recipient => !recipient.IsRefused);
        return refusedAreLast ? FilterAsync(message) : StepByStepAsync(message);
    }

    // As a test host does.
    private async Task FilterAsync(Move.Message message)
    {
        MailTransaction transaction = Transaction(message.From, message.Content);
        foreach (Recipient recipient in message.To)
        {
            if (recipient.IsRefused)
            {
                transaction.RefusedRecipients.Add(Refused(recipient));
            }
            else
            {
                transaction.Recipients.Add(recipient.Path);
            }
        }

        MilterOutcome outcome = await milter.FilterAsync(transaction);
        var steps = new Queue<StepReply>(outcome.Steps);
        StepReply mail = steps.Dequeue();
        TellMail(mail);
        if (mail.IsRefusal)
        {
            return;
        }

        foreach (Recipient recipient in message.To)
        {
            StepReply rcpt = steps.Dequeue();
            story.Reply($"RCPT {recipient.Path}", recipient.IsRefused ? Story.Own(false) : Words(rcpt.SmtpReply));
        }

        if (outcome.RefusedRecipients.Count == transaction.Recipients.Count)
        {
            return;
        }

        if (steps.Dequeue() is { Step: MilterCommand.Data, IsRefusal: true } data)
        {
            story.Reply("DATA", Words(data.SmtpReply));
            return;
        }

        TellFate(outcome);
    }

    private async Task StepByStepAsync(Move.Message message)
    {
        MailTransaction transaction = Transaction(message.From, message.Content);
        if ((await MailAsync(transaction)).IsRefusal)
        {
            return;
        }

        foreach (Recipient recipient in message.To)
        {
            if (await RcptAsync(recipient))
            {
                transaction.Recipients.Add(recipient.Path);
            }
        }

        await milter.DataAsync();
        TellFate(await milter.FilterContentAsync());
    }

    private void TellFate(MilterOutcome outcome)
    {
        bool isRefused = outcome.Verdict is MilterVerdict.Reject or MilterVerdict.TempFail;
        story.Reply("DATA", Words(isRefused ? outcome.SmtpReply : null));
        if (isRefused)
        {
            return;
        }

        MailTransaction result = outcome.Result;
        if (!outcome.IsDelivered || result.Recipients.Count == 0)
        {
            story.Dropped();
        }
        else if (result.QuarantineReason is { } reason)
        {
            // Postfix keeps no reason.
            story.Held(result.Sender.Address, result.Recipients.Select(path => path.Address), IsPostfix ? null : reason);
        }
        else
        {
            story.Delivered(result.Sender.ToString(), result.Recipients.Select(path => path.ToString()), Encoding.Latin1.GetString(result.Content.ToBytes()));
        }
    }
}
