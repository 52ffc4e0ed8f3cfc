using System.Buffers;
using Milter.Client;
using SmtpServer;
using SmtpServer.Mail;
using SmtpServer.Protocol;
using SmtpServer.Storage;

namespace Samples.SmtpServerHost;

/// <summary>Has the filter asked at MAIL, at each RCPT and about the content; what SmtpServer asks is answered with the filter's own words.</summary>
internal sealed class FilteredMail(string filter, Action<MailTransaction> deliver) : IMailboxFilter, IMessageStore
{
    private const string Key = "Milter";

    /// <summary>A session has begun.</summary>
    public void Begin(ISessionContext context) => context.Properties[Key] = new FilteredSession(context, filter);

    /// <summary>A session is over, whichever way.</summary>
    public void End(ISessionContext context) => Of(context).End();

    public async Task<bool> CanAcceptFromAsync(ISessionContext context, IMailbox from, int size, CancellationToken cancellationToken)
    {
        await RefuseAsync(context, await Of(context).MailAsync(from, cancellationToken), cancellationToken);
        return true;
    }

    public async Task<bool> CanDeliverToAsync(ISessionContext context, IMailbox to, IMailbox from, CancellationToken cancellationToken)
    {
        await RefuseAsync(context, await Of(context).RcptAsync(to, cancellationToken), cancellationToken);
        return true;
    }

    public async Task<SmtpResponse> SaveAsync(ISessionContext context, IMessageTransaction transaction, ReadOnlySequence<byte> buffer, CancellationToken cancellationToken)
    {
        ClientReply reply = await Of(context).ContentAsync(buffer, deliver, cancellationToken);
        await SayAllButLastAsync(context, reply.Words, cancellationToken);
        return reply.ClosesSession ? throw new SmtpResponseException(Last(reply.Words), quit: true) : Last(reply.Words);
    }

    private static FilteredSession Of(ISessionContext context) => (FilteredSession)context.Properties[Key];

    private static async Task RefuseAsync(ISessionContext context, ClientReply? refusal, CancellationToken cancellation)
    {
        if (refusal is { } reply)
        {
            await SayAllButLastAsync(context, reply.Words, cancellation);
            throw new SmtpResponseException(Last(reply.Words), reply.ClosesSession);
        }
    }

    // SmtpServer has replies of one line: what stands before the last one is written here, just before it.
    private static async Task SayAllButLastAsync(ISessionContext context, SmtpReply words, CancellationToken cancellation)
    {
        foreach (string line in words.ToSmtpLines().SkipLast(1))
        {
            await context.Pipe.Output.WriteAsync(System.Text.Encoding.UTF8.GetBytes(line + "\r\n"), cancellation);
        }
    }

    private static SmtpResponse Last(SmtpReply words) => new((SmtpReplyCode)words.Code, words.ToSmtpLines().Last()[4..]);
}
