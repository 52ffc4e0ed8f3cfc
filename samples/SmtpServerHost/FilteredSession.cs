using System.Buffers;
using System.Globalization;
using System.Net;
using Milter;
using Milter.Client;
using SmtpServer;
using SmtpServer.Mail;
using SmtpServer.Net;
using SmtpServer.Protocol;

namespace Samples.SmtpServerHost;

/// <summary>One SMTP session, and its connection to the filter. SmtpServer asks one thing at a time.</summary>
/// <remarks>When the filter can't be asked, mail has to wait, as with Postfix's <c>milter_default_action = tempfail</c>.</remarks>
internal sealed class FilteredSession
{
    private static readonly SmtpReply s_ok = new(250, "2.0.0", "Ok");
    private static readonly SmtpReply s_noFilter = new(451, "4.7.1", "Service unavailable - try again later");

    private static int s_queueIds;

    private readonly ISessionContext _context;
    private readonly string _filter;
    private readonly SmtpSession _session;
    private MilterConnection? _milter;
    private MailTransaction? _message;
    private string? _helo;
    private bool _hasNewHelo;
    private bool _isGivenUp;
    private IReadOnlyDictionary<string, string>? _arguments;

    public FilteredSession(ISessionContext context, string filter)
    {
        (_context, _filter) = (context, filter);
        var client = (IPEndPoint)context.Properties[EndpointListener.RemoteEndPointKey];
        _session = new SmtpSession(new SmtpClientInfo { Address = client.Address, Port = client.Port })
        {
            ServerName = context.ServerOptions.ServerName,
            ServerAddress = ((IPEndPoint)context.Properties[EndpointListener.LocalEndPointKey]).Address,
        };

        // HELO, the arguments of MAIL and RSET have no hook but this. It can't wait: what they mean for the filter is told with the next question.
        context.CommandExecuting += (_, executing) => See(executing.Command);
    }

    /// <summary>Asks about a sender, and before that about client and HELO name, whose refusal holds for each message.</summary>
    /// <returns>The refusal, or none.</returns>
    public async Task<ClientReply?> MailAsync(IMailbox from, CancellationToken cancellation)
    {
        string id = Interlocked.Increment(ref s_queueIds).ToString("X8", CultureInfo.InvariantCulture);
        var message = new MailTransaction { Sender = new MailPath($"<{Address(from)}>", Arguments()), QueueId = id, Received = Received(id) };
        ClientReply? refusal = await AskAsync(async milter => (await milter.MailAsync(message, cancellation)).SmtpReply, cancellation);
        _message = refusal is null ? message : null;
        return refusal;
    }

    /// <summary>Asks about a recipient.</summary>
    /// <returns>The refusal, or none.</returns>
    public async Task<ClientReply?> RcptAsync(IMailbox to, CancellationToken cancellation)
    {
        var recipient = new MailPath($"<{Address(to)}>");
        ClientReply? refusal = await AskAsync(async milter => (await milter.RcptAsync(recipient, cancellation)).SmtpReply, cancellation);
        if (refusal is null)
        {
            _message!.Recipients.Add(recipient);
        }

        return refusal;
    }

    /// <summary>Asks about the content, and delivers what passes.</summary>
    /// <returns>What the client is told.</returns>
    public async Task<ClientReply> ContentAsync(ReadOnlySequence<byte> content, Action<MailTransaction> deliver, CancellationToken cancellation)
    {
        MailTransaction message = _message!;
        _message = null;
        message.Content = MailContent.Parse(Whole(content));
        return await AskAsync(
            async milter =>
            {
                // 354 is out already: a refusal at DATA is said here.
                if ((await milter.DataAsync(cancellation)).SmtpReply is { } refusal)
                {
                    await milter.AbortAsync(cancellation);
                    return refusal;
                }

                MilterOutcome outcome = await milter.FilterContentAsync(cancellation);
                if (outcome.IsDelivered && outcome.Result.Recipients.Count > 0)
                {
                    deliver(outcome.Result);
                }

                return outcome.SmtpReply;
            },
            cancellation) ?? new ClientReply(s_ok);
    }

    /// <summary>Tells the filter that the session is over. Nobody waits for it.</summary>
    public void End() => _ = EndAsync();

    private async Task EndAsync()
    {
        if (Interlocked.Exchange(ref _milter, null) is not { } milter)
        {
            return;
        }

        try
        {
            if (milter.IsUsable)
            {
                await milter.QuitAsync();
            }
        }
        catch (MilterClientException)
        {
            // It is gone as well.
        }

        await milter.DisposeAsync();
    }

    private void See(SmtpCommand command)
    {
        switch (command)
        {
            case EhloCommand ehlo:
                (_helo, _hasNewHelo, _message) = (ehlo.DomainOrAddress, true, null);
                break;
            case HeloCommand helo:
                (_helo, _hasNewHelo, _message) = (helo.DomainOrAddress, true, null);
                break;
            case MailCommand mail:
                _arguments = mail.Parameters;
                break;
            case RsetCommand:
                _isGivenUp = _message is not null;
                _message = null;
                break;
        }
    }

    private async Task<ClientReply?> AskAsync(Func<MilterConnection, Task<SmtpReply?>> ask, CancellationToken cancellation)
    {
        try
        {
            SmtpReply? refusal = await CatchUpAsync(cancellation);
            refusal ??= _milter!.IsUsable ? await ask(_milter) : s_noFilter;
            return refusal is null ? null : new ClientReply(refusal, refusal.Code == 421);
        }
        catch (MilterClientException exception)
        {
            await Console.Error.WriteLineAsync(exception.Message);
            return new ClientReply(s_noFilter);
        }
    }

    /// <summary>Opens the connection, and tells what the client has done since the last question.</summary>
    private async Task<SmtpReply?> CatchUpAsync(CancellationToken cancellation)
    {
        _session.Login = _context.Authentication.IsAuthenticated ? new SmtpLogin(_context.Authentication.User) : null;
        if (_milter is null)
        {
            _milter = await MilterConnection.OpenAsync(_filter, cancellationToken: cancellation);
            StepReply connect = await _milter.ConnectAsync(_session, cancellation);
            if (connect.ClosesSession)
            {
                return connect.SmtpReply;
            }
        }

        if (_isGivenUp && _milter.IsUsable)
        {
            _isGivenUp = false;
            await _milter.AbortAsync(cancellation);
        }

        if (_hasNewHelo && _milter.IsUsable)
        {
            _hasNewHelo = false;
            await _milter.HeloAsync(_helo, cancellation);
        }

        return null;
    }

    // SmtpServer takes the line end of the last line away, and with it what signatures were made of.
    private static byte[] Whole(ReadOnlySequence<byte> content) => content.ToArray() is [] or [.., (byte)'\r', (byte)'\n'] ? content.ToArray() : [.. content.ToArray(), .. "\r\n"u8];

    // SmtpServer takes the quotes away: "a b"@example.test comes as the user 'a b', which is no address without them.
    private static string Address(IMailbox mailbox)
    {
        if (mailbox.User.Length == 0 && mailbox.Host.Length == 0)
        {
            return "";
        }

        bool isPlain = mailbox.User.Split('.').All(static atom => atom.Length > 0 && atom.All(static c => char.IsAsciiLetterOrDigit(c) || "!#$%&'*+-/=?^_`{|}~".Contains(c)));
        string local = isPlain ? mailbox.User : $"\"{mailbox.User.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal)}\"";
        return $"{local}@{mailbox.Host}";
    }

    private string[] Arguments() => _arguments is null ? [] : [.. _arguments.Select(static one => one.Value is { Length: > 0 } value ? $"{one.Key}={value}" : one.Key)];

    private MailHeader Received(string id) => new(
        "Received", $"from {_helo} ([{_session.Client.Address}])\n\tby {_session.ServerName} with ESMTP id {id};\n\t{DateTimeOffset.UtcNow.ToString("r", CultureInfo.InvariantCulture)}");
}
