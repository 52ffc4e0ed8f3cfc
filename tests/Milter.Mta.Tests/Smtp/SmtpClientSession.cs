using System.Globalization;
using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography.X509Certificates;
using System.Text;

namespace Milter.Mta.Tests;

/// <summary>An SMTP client that does what the test says, byte for byte.</summary>
/// <remarks>A reply that does not come, or is not the expected one, fails the test with the whole dialogue.</remarks>
public sealed class SmtpClientSession : IAsyncDisposable
{
    private readonly TcpClient _client;
    private readonly Func<string> _serverLog;
    private readonly StringBuilder _transcript = new();
    private LineStream _lines;

    private SmtpClientSession(TcpClient client, Func<string> serverLog)
    {
        (_client, _serverLog) = (client, serverLog);
        _lines = new LineStream(client.GetStream());
    }

    /// <summary>The client's own port.</summary>
    public int LocalPort => ((IPEndPoint)_client.Client.LocalEndPoint!).Port;

    /// <summary>The server's first reply.</summary>
    public SmtpReply Greeting { get; private set; } = new(0, []);

    /// <summary>Everything said so far, but for the content of messages.</summary>
    public string Transcript => _transcript.ToString();

    /// <summary>Connects to a port of 127.0.0.1 and reads the greeting, whatever it is.</summary>
    public static async Task<SmtpClientSession> ConnectAsync(int port, Func<string>? serverLog = null)
    {
        var client = new TcpClient { NoDelay = true };
        await client.ConnectAsync(IPAddress.Loopback, port);
        var session = new SmtpClientSession(client, serverLog ?? (static () => ""));
        session.Greeting = await session.ReadReplyAsync();
        return session;
    }

    /// <summary>Sends bytes as they are.</summary>
    public async Task SendRawAsync(ReadOnlyMemory<byte> bytes)
    {
        using CancellationTokenSource timeout = NewTimeout();
        await _lines.WriteAsync(bytes, timeout.Token);
    }

    /// <summary>Reads the next reply.</summary>
    public async Task<SmtpReply> ReadReplyAsync()
    {
        var lines = new List<string>();
        while (true)
        {
            byte[] bytes = await ReadLineAsync() ?? throw Failure("the server closed the connection");
            string line = Encoding.UTF8.GetString(bytes);
            _transcript.Append("S: ").AppendLine(line);
            if (line.Length < 3 || !int.TryParse(line[..3], NumberStyles.None, CultureInfo.InvariantCulture, out int code))
            {
                throw Failure("not a reply");
            }

            lines.Add(line.Length > 4 ? line[4..] : "");
            if (line.Length == 3 || line[3] == ' ')
            {
                return new SmtpReply(code, lines);
            }
        }
    }

    /// <summary>Reads to the end of the connection; fails when the server keeps it open.</summary>
    public async Task WaitForCloseAsync()
    {
        while (await ReadLineAsync() is { } line)
        {
            _transcript.Append("S: ").AppendLine(Encoding.UTF8.GetString(line));
        }
    }

    /// <summary>Sends a line and reads the reply, whatever it is.</summary>
    public async Task<SmtpReply> CommandAsync(string line) => (await PipelineAsync(line))[0];

    /// <summary>Sends a line and insists on the code of the reply.</summary>
    public async Task<SmtpReply> CommandAsync(string line, int expected)
    {
        SmtpReply reply = await CommandAsync(line);
        return reply.Code == expected ? reply : throw Failure($"expected {expected} to {line}");
    }

    /// <summary>Sends all lines in one write and then reads a reply for each.</summary>
    public async Task<IReadOnlyList<SmtpReply>> PipelineAsync(params IReadOnlyList<string> lines)
    {
        foreach (string line in lines)
        {
            _transcript.Append("C: ").AppendLine(line);
        }

        await SendRawAsync(Encoding.UTF8.GetBytes(string.Concat(lines.Select(line => line + "\r\n"))));
        var replies = new List<SmtpReply>();
        foreach (string _ in lines)
        {
            replies.Add(await ReadReplyAsync());
        }

        return replies;
    }

    /// <summary>Says EHLO and insists on 250.</summary>
    public Task<SmtpReply> EhloAsync(string name = "client.example.org") => CommandAsync($"EHLO {name}", 250);

    /// <summary>Sends DATA and, after a 354, the message; the result is the last reply.</summary>
    public async Task<SmtpReply> DataAsync(ReadOnlyMemory<byte> message)
    {
        SmtpReply reply = await CommandAsync("DATA");
        if (reply.Code != 354)
        {
            return reply;
        }

        _transcript.AppendLine(CultureInfo.InvariantCulture, $"C: ({message.Length} bytes)");
        await SendRawAsync(DotStuffing.Stuff(message.Span));
        return await ReadReplyAsync();
    }

    /// <summary>Sends one message in a transaction of its own; the result is the first reply that is a no, or the last one.</summary>
    /// <param name="from">The sender and its arguments, such as <c>&lt;a@example.com&gt; BODY=8BITMIME</c>.</param>
    /// <param name="to">The recipients in the same form.</param>
    /// <param name="message">The message with CRLF line ends; dots are doubled here.</param>
    public async Task<SmtpReply> SendAsync(string from, IReadOnlyList<string> to, ReadOnlyMemory<byte> message)
    {
        foreach (string command in to.Select(recipient => $"RCPT TO:{recipient}").Prepend($"MAIL FROM:{from}"))
        {
            SmtpReply reply = await CommandAsync(command);
            if (!reply.IsPositive)
            {
                return reply;
            }
        }

        return await DataAsync(message);
    }

    /// <summary>Sends one message given as text in Latin-1, where every character is one byte.</summary>
    public Task<SmtpReply> SendAsync(string from, IReadOnlyList<string> to, string message) =>
        SendAsync(from, to, Encoding.Latin1.GetBytes(message));

    /// <summary>Says STARTTLS and goes on encrypted; the server must show the given certificate, and may be shown another.</summary>
    public async Task StartTlsAsync(X509Certificate2 expected, X509Certificate2? shown = null)
    {
        await CommandAsync("STARTTLS", 220);
        var tls = new SslStream(
            _lines.Underneath,
            leaveInnerStreamOpen: false,
            (_, shown, _, _) => shown?.GetCertHashString() == expected.GetCertHashString());
        using CancellationTokenSource timeout = NewTimeout();
        var options = new SslClientAuthenticationOptions { TargetHost = MtaServer.HostName };
        if (shown is not null)
        {
            options.ClientCertificateContext = SslStreamCertificateContext.Create(shown, null, offline: true);
        }

        await tls.AuthenticateAsClientAsync(options, timeout.Token);
        _lines = new LineStream(tls);
        _transcript.AppendLine("(encrypted from here)");
    }

    /// <summary>Pretends to be another client (Postfix); the server greets again, and that reply is the result.</summary>
    /// <param name="attributes">For example <c>ADDR=203.0.113.9 NAME=mail.example.org</c>.</param>
    public Task<SmtpReply> XclientAsync(string attributes) => CommandAsync($"XCLIENT {attributes}");

    /// <summary>Gives up the transaction.</summary>
    public Task<SmtpReply> ResetAsync() => CommandAsync("RSET", 250);

    /// <summary>Says QUIT and waits until the server closes.</summary>
    public async Task QuitAsync()
    {
        await CommandAsync("QUIT", 221);
        await WaitForCloseAsync();
    }

    /// <summary>Drops the connection at once, with a reset if so wished; nothing more can be said.</summary>
    public void Drop(bool reset = false)
    {
        if (reset)
        {
            _client.LingerState = new LingerOption(true, 0);
        }

        _client.Close();
    }

    /// <summary>Closes the connection without a word.</summary>
    public ValueTask DisposeAsync()
    {
        _lines.Dispose();
        _client.Dispose();
        return ValueTask.CompletedTask;
    }

    private static CancellationTokenSource NewTimeout() => new(Deadline.Generous);

    private async Task<byte[]?> ReadLineAsync()
    {
        using CancellationTokenSource timeout = NewTimeout();
        try
        {
            return await _lines.ReadLineAsync(timeout.Token);
        }
        catch (OperationCanceledException)
        {
            throw Failure("no answer from the server");
        }
        catch (IOException)
        {
            return null; // reset by the server
        }
    }

    private Xunit.Sdk.XunitException Failure(string what) => new($"SMTP: {what}\n{Transcript}\n{_serverLog()}");
}
