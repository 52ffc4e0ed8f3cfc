using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Milter.Mta.Tests;

/// <summary>A small SMTP server in this process that takes every message and keeps it.</summary>
public sealed class MessageSink : IAsyncDisposable
{
    private const string Extensions =
        "250-sink.example.net\r\n250-PIPELINING\r\n250-SIZE\r\n250-8BITMIME\r\n250-SMTPUTF8\r\n250-DSN\r\n250 ENHANCEDSTATUSCODES";

    private readonly CancellationTokenSource _stop = new();
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly List<SinkMessage> _messages = [];
    private readonly Task _accepting;

    /// <summary>Starts the sink on a free port of 127.0.0.1.</summary>
    public MessageSink()
    {
        _listener.Start();
        Port = ((IPEndPoint)_listener.LocalEndpoint).Port;
        _accepting = AcceptAsync();
    }

    /// <summary>The port on which the sink listens.</summary>
    public int Port { get; }

    /// <summary>The messages so far, oldest first.</summary>
    public IReadOnlyList<SinkMessage> Messages
    {
        get
        {
            lock (_messages)
            {
                return [.. _messages];
            }
        }
    }

    /// <summary>Waits for a message; null when it has not come after a generous time.</summary>
    public async Task<SinkMessage?> WaitForAsync(Func<SinkMessage, bool> wanted, TimeSpan? within = null)
    {
        SinkMessage? found = null;
        await Deadline.UntilAsync(() => (found = Messages.FirstOrDefault(wanted)) is not null, within);
        return found;
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        _listener.Dispose();
        await _accepting;
        _stop.Dispose();
    }

    private async Task AcceptAsync()
    {
        var sessions = new List<Task>();
        try
        {
            while (true)
            {
                sessions.Add(ServeAsync(await _listener.AcceptTcpClientAsync(_stop.Token)));
            }
        }
        catch (OperationCanceledException)
        {
            await Task.WhenAll(sessions);
        }
    }

    private async Task ServeAsync(TcpClient client)
    {
        using (client)
        using (var lines = new LineStream(client.GetStream()))
        {
            client.NoDelay = true;
            try
            {
                await ConverseAsync(lines);
            }
            catch (Exception e) when (e is IOException or OperationCanceledException)
            {
                // The server left, or the test is over.
            }
        }
    }

    private async Task ConverseAsync(LineStream lines)
    {
        EnvelopeAddress? from = null;
        var recipients = new List<EnvelopeAddress>();
        string? reply = "220 sink.example.net ESMTP";
        do
        {
            await lines.WriteLineAsync(reply, _stop.Token);
            if (await lines.ReadLineAsync(_stop.Token) is not { } bytes)
            {
                return;
            }

            string line = Encoding.UTF8.GetString(bytes);
            switch (line.Split(' ', ':')[0].ToUpperInvariant())
            {
                case "EHLO":
                    reply = Extensions;
                    break;
                case "MAIL":
                    from = EnvelopeAddress.Parse(line);
                    recipients.Clear();
                    reply = "250 2.1.0 Ok";
                    break;
                case "RCPT":
                    recipients.Add(EnvelopeAddress.Parse(line));
                    reply = "250 2.1.5 Ok";
                    break;
                case "DATA":
                    await lines.WriteLineAsync("354 Go ahead", _stop.Token);
                    byte[] data = await ReadDataAsync(lines);
                    reply = Keep(new SinkMessage(from!, [.. recipients], data));
                    break;
                case "QUIT":
                    await lines.WriteLineAsync("221 2.0.0 Bye", _stop.Token);
                    reply = null;
                    break;
                default:
                    reply = "250 2.0.0 Ok";
                    break;
            }
        }
        while (reply is not null);
    }

    private async Task<byte[]> ReadDataAsync(LineStream lines)
    {
        var data = new MemoryStream();
        bool lineStart = true;
        while (await lines.ReadRawLineAsync(_stop.Token) is { } line)
        {
            if (lineStart && line is [(byte)'.', (byte)'\r', (byte)'\n'])
            {
                return data.ToArray();
            }

            data.Write(lineStart && line is [(byte)'.', ..] ? line.AsSpan(1) : line);
            lineStart = line is [.., (byte)'\r', (byte)'\n'];
        }

        throw new EndOfStreamException("The server left in the middle of a message.");
    }

    private string Keep(SinkMessage message)
    {
        lock (_messages)
        {
            _messages.Add(message);
            return string.Create(CultureInfo.InvariantCulture, $"250 2.0.0 Ok {_messages.Count}");
        }
    }
}
