using System.Globalization;
using System.Net;
using Milter;
using Milter.Client;
using Milter.Protocol;

namespace TinySmtpServer;

/// <summary>One SMTP session: each command goes to the filter first, and its refusal is the client's reply.</summary>
internal sealed class SmtpConversation(SmtpLines lines, IPEndPoint client, string filter, Action<MailTransaction> deliver)
{
    private static readonly SmtpReply s_ok = new(250, "2.0.0", "Ok");
    private static readonly SmtpReply s_badSequence = new(503, "5.5.1", "Bad sequence of commands");
    private static readonly SmtpReply s_noFilter = new(451, "4.7.1", "Service unavailable - try again later");

    private static int s_queueIds;

    private readonly SmtpSession _session = new(new SmtpClientInfo { Address = client.Address, Port = client.Port })
    {
        ServerName = "tiny.example.test",
        ServerAddress = IPAddress.Loopback,
    };

    private MilterConnection? _milter;
    private MailTransaction? _message;
    private bool _isOver;

    public async Task RunAsync(CancellationToken cancellation)
    {
        SmtpReply greeting = await AskAsync(async () =>
        {
            _milter = await MilterConnection.OpenAsync(filter, cancellationToken: cancellation);
            StepReply connect = await _milter.ConnectAsync(_session, cancellation);
            return connect.ClosesSession ? connect.SmtpReply : null;
        }) ?? new SmtpReply(220, null, _session.ServerName + " ESMTP tiny");
        await SayAsync(greeting, cancellation);
        while (!_isOver && await lines.ReadAsync(cancellation) is { } line)
        {
            await SayAsync(await AnswerAsync(WireText.GetString(line), cancellation), cancellation);
        }

        if (_milter is { IsUsable: true })
        {
            await _milter.QuitAsync(cancellation);
        }
    }

    private async Task<SmtpReply> AnswerAsync(string line, CancellationToken cancellation)
    {
        string verb = line.Split(' ')[0].ToUpperInvariant();
        switch (verb)
        {
            case "HELO" or "EHLO":
                _message = null;
                await AskAsync(async () => (await _milter!.HeloAsync(line[verb.Length..].Trim(), cancellation)).SmtpReply);
                return new SmtpReply(250, null, _session.ServerName);
            case "MAIL" when _message is null && _session.HeloName is not null:
                return await MailAsync(line, cancellation);
            case "RCPT" when _message is not null:
                return await RcptAsync(line, cancellation);
            case "DATA" when _message is { Recipients.Count: > 0 }:
                return await DataAsync(cancellation);
            case "RSET":
                _message = null;
                await AskAsync(async () =>
                {
                    await _milter!.AbortAsync(cancellation);
                    return null;
                });
                return s_ok;
            case "NOOP":
                return s_ok;
            case "QUIT":
                _isOver = true;
                return new SmtpReply(221, "2.0.0", "Bye");
            case "MAIL" or "RCPT" or "DATA":
                return s_badSequence;
            default:
                return await AskAsync(async () => (await _milter!.UnknownAsync(line, cancellation)).SmtpReply) ?? new SmtpReply(500, "5.5.2", "Unknown command");
        }
    }

    private async Task<SmtpReply> MailAsync(string line, CancellationToken cancellation)
    {
        if (ReadPath(line, "MAIL FROM:") is not { } sender)
        {
            return new SmtpReply(501, "5.5.4", "Syntax: MAIL FROM:<address>");
        }

        string id = Interlocked.Increment(ref s_queueIds).ToString("X8", CultureInfo.InvariantCulture);
        var message = new MailTransaction { Sender = sender, QueueId = id, Received = Received(id) };
        SmtpReply? refusal = await AskAsync(async () => (await _milter!.MailAsync(message, cancellation)).SmtpReply);
        _message = refusal is null ? message : null;
        return refusal ?? s_ok;
    }

    private async Task<SmtpReply> RcptAsync(string line, CancellationToken cancellation)
    {
        if (ReadPath(line, "RCPT TO:") is not { Address.Length: > 0 } recipient)
        {
            return new SmtpReply(501, "5.5.4", "Syntax: RCPT TO:<address>");
        }

        SmtpReply? refusal = await AskAsync(async () => (await _milter!.RcptAsync(recipient, cancellation)).SmtpReply);
        if (refusal is null)
        {
            _message!.Recipients.Add(recipient);
        }

        return refusal ?? s_ok;
    }

    private async Task<SmtpReply> DataAsync(CancellationToken cancellation)
    {
        if (await AskAsync(async () => (await _milter!.DataAsync(cancellation)).SmtpReply) is { } refusal)
        {
            return refusal;
        }

        await SayAsync(new SmtpReply(354, null, "End data with <CR><LF>.<CR><LF>"), cancellation);
        if (await lines.ReadContentAsync(cancellation) is not { } content)
        {
            _isOver = true;
            return s_noFilter;
        }

        MailTransaction message = _message!;
        message.Content = MailContent.Parse(content);
        _message = null;
        return await AskAsync(async () =>
        {
            MilterOutcome outcome = await _milter!.FilterContentAsync(cancellation);
            if (outcome.IsDelivered && outcome.Result.Recipients.Count > 0)
            {
                deliver(outcome.Result);
            }

            return outcome.SmtpReply;
        }) ?? s_ok;
    }

    /// <summary>Asks the filter something. When it can't be asked, mail has to wait: as Postfix's <c>milter_default_action = tempfail</c>.</summary>
    private async Task<SmtpReply?> AskAsync(Func<Task<SmtpReply?>> ask)
    {
        if (_milter is { IsUsable: false })
        {
            return s_noFilter;
        }

        try
        {
            SmtpReply? refusal = await ask();
            _isOver |= refusal is { Code: 421 };
            return refusal;
        }
        catch (MilterClientException exception)
        {
            await Console.Error.WriteLineAsync(exception.Message);
            _isOver = _milter is null;
            return _milter is null ? new SmtpReply(421, "4.7.1", "Service unavailable - try again later") : s_noFilter;
        }
    }

    private MailHeader Received(string id) => new(
        "Received", $"from {_session.HeloName} ([{client.Address}])\n\tby {_session.ServerName} with SMTP id {id};\n\t{DateTimeOffset.UtcNow.ToString("r", CultureInfo.InvariantCulture)}");

    private ValueTask SayAsync(SmtpReply reply, CancellationToken cancellation) => lines.WriteAsync(reply.ToSmtpLines(), cancellation);

    private static MailPath? ReadPath(string line, string command)
    {
        int close = line.IndexOf('>', StringComparison.Ordinal);
        return line.StartsWith(command + "<", StringComparison.OrdinalIgnoreCase) && close > 0
            ? new MailPath(line[command.Length..(close + 1)], line[(close + 1)..].Split(' ', StringSplitOptions.RemoveEmptyEntries))
            : null;
    }
}
