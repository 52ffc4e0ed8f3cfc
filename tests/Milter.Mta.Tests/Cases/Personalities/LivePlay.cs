using System.Text;
using Milter.Client;

namespace Milter.Mta.Tests;

/// <summary>Does the moves of a case with a real server, and tells what it said and what it delivered.</summary>
internal sealed class LivePlay(MtaServer server, SmtpClientSession session, Story story)
{
    public async Task PlayAsync(PersonalityCase played)
    {
        if (played.XClient is { } attributes)
        {
            // The server begins anew, with the filter, too.
            await session.EhloAsync();
            Assert.True((await session.XclientAsync(attributes)).IsPositive);
        }

        await HelloAsync(PersonalityTests.ClientName);
        foreach (Move move in played.Moves)
        {
            switch (move)
            {
                case Move.Hello hello:
                    await HelloAsync(hello.Name);
                    break;
                case Move.Begin begin:
                    await BeginAsync(begin.From, begin.To);
                    break;
                case Move.Message message:
                    await SendAsync(message);
                    break;
                case Move.StartTls:
                    await session.StartTlsAsync(server.Certificate!);
                    await HelloAsync(PersonalityTests.ClientName);
                    break;
                case Move.Reset:
                    await session.ResetAsync();
                    break;
                case Move.Unknown unknown:
                    SmtpReply reply = await session.CommandAsync(unknown.Line);
                    story.Reply(unknown.Line, reply.Code == 500 ? Story.Own(false) : Words(reply));
                    break;
            }
        }

        await session.QuitAsync();
    }

    private static string Words(SmtpReply reply) => reply.IsPositive ? Story.Own(true) : reply.ToString();

    private async Task HelloAsync(string name) => story.Reply("EHLO", Words(await session.CommandAsync($"EHLO {name}")));

    private async Task<bool?> BeginAsync(MailPath from, IReadOnlyList<Recipient> to)
    {
        SmtpReply mail = await session.CommandAsync($"MAIL FROM:{from}");
        story.Reply("MAIL", Words(mail));
        if (!mail.IsPositive)
        {
            return null;
        }

        bool any = false;
        foreach (Recipient recipient in to)
        {
            SmtpReply reply = await session.CommandAsync($"RCPT TO:{recipient.Path}");
            story.Reply($"RCPT {recipient.Path}", recipient.IsRefused ? Story.Own(reply.IsPositive) : Words(reply));
            any |= reply.IsPositive;
        }

        return any;
    }

    private async Task SendAsync(Move.Message message)
    {
        int before = server.Sink.Messages.Count;
        int logged = server.Log.Length;
        if (await BeginAsync(message.From, message.To) is not { } any)
        {
            return;
        }

        SmtpReply reply = any ? await session.DataAsync(Encoding.Latin1.GetBytes(message.Content)) : new SmtpReply(0, []);
        if (any)
        {
            story.Reply("DATA", Words(reply));
        }

        if (!any || reply.Code == 0 || !reply.IsPositive)
        {
            // Where the content was refused there is nothing to reset; it does no harm.
            await session.ResetAsync();
        }

        if (reply.Code == 250)
        {
            await TellFateAsync(reply, before, logged);
        }
    }

    private async Task TellFateAsync(SmtpReply reply, int before, int logged)
    {
        // 2.0.0 Ok: queued as ID, or 2.0.0 ID Message accepted for delivery.
        string id = reply.Lines[0].Split(' ')[server.Kind == MtaKind.Postfix ? ^1 : 1];

        // Sendmail delivers before it replies.
        if (server.Kind == MtaKind.Postfix)
        {
            Assert.True(await Deadline.UntilAsync(() => IsDone(server.Log[logged..], id)), server.LogTail);
        }

        if (!TellDelivered(server.Sink.Messages.Skip(before), story))
        {
            await TellHeldAsync(id);
        }
    }

    /// <summary>Tells what was delivered of a message.</summary>
    public static bool TellDelivered(IEnumerable<SinkMessage> messages, Story story)
    {
        SinkMessage[] delivered = [.. messages];
        foreach (IGrouping<string, SinkMessage> same in delivered.GroupBy(message => message.Text))
        {
            string from = string.Join(" or ", same.Select(message => Path(message.From)).Distinct());
            story.Delivered(from, same.SelectMany(message => message.Recipients).Select(Path), same.Key);
        }

        return delivered.Length > 0;
    }

    // What is discarded before its content has no id in the log.
    private static bool IsDone(string log, string id) =>
        log.Contains($"{id}: removed", StringComparison.Ordinal) || log.Contains($"{id}: milter-hold", StringComparison.Ordinal) || log.Contains(": milter-discard: ", StringComparison.Ordinal);

    private async Task TellHeldAsync(string id)
    {
        if ((await server.HeldMessagesAsync()).SingleOrDefault(message => message.QueueId == id) is { } held)
        {
            story.Held(held.From, held.Recipients, held.Reason);
        }
        else
        {
            story.Dropped();
        }
    }

    private static string Path(EnvelopeAddress path) => string.Join(' ', [$"<{path.Address}>", .. path.Arguments]);
}
