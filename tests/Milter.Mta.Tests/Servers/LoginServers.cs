using System.Buffers.Binary;
using System.Net.Sockets;
using System.Text;

namespace Milter.Mta.Tests;

/// <summary>Where a mail server asks whether a name and a password go together: everybody is let in.</summary>
internal abstract class LoginServer : IAsyncDisposable
{
    private readonly Socket _listener = new(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
    private readonly CancellationTokenSource _stop = new();
    private readonly Task _serving;

    protected LoginServer(string path)
    {
        _listener.Bind(new UnixDomainSocketEndPoint(path));
        File.SetUnixFileMode(path, (UnixFileMode)0b110_110_110);
        _listener.Listen();
        _serving = ServeAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        _listener.Dispose();
        await _serving.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _stop.Dispose();
    }

    protected abstract Task AnswerAsync(NetworkStream stream, CancellationToken cancellation);

    private async Task ServeAsync()
    {
        while (true)
        {
            Socket client = await _listener.AcceptAsync(_stop.Token);
            _ = AnswerAsync(client);
        }
    }

    private async Task AnswerAsync(Socket client)
    {
        await using var stream = new NetworkStream(client, ownsSocket: true);
        await AnswerAsync(stream, _stop.Token);
    }
}

/// <summary>Dovecot's side of Postfix's <c>smtpd_sasl_type = dovecot</c>: the name of PLAIN is the user.</summary>
internal sealed class DovecotLogins(string path) : LoginServer(path)
{
    protected override async Task AnswerAsync(NetworkStream stream, CancellationToken cancellation)
    {
        await stream.WriteAsync("VERSION\t1\t1\nMECH\tPLAIN\tplaintext\nSPID\t1\nCUID\t1\nCOOKIE\t0123456789abcdef0123456789abcdef\nDONE\n"u8.ToArray(), cancellation);
        using var reader = new StreamReader(stream, Encoding.UTF8, leaveOpen: true);
        while (await reader.ReadLineAsync(cancellation) is { } line)
        {
            string[] fields = line.Split('\t');
            if (fields[0] == "AUTH")
            {
                string response = fields.Single(field => field.StartsWith("resp=", StringComparison.Ordinal))[5..];
                string user = Encoding.UTF8.GetString(Convert.FromBase64String(response)).Split('\0')[1];
                await stream.WriteAsync(Encoding.UTF8.GetBytes($"OK\t{fields[1]}\tuser={user}\n"), cancellation);
            }
        }
    }
}

/// <summary>Cyrus' <c>saslauthd</c>, which Sendmail asks.</summary>
internal sealed class CyrusLogins(string path) : LoginServer(path)
{
    protected override async Task AnswerAsync(NetworkStream stream, CancellationToken cancellation)
    {
        // Name, password, service, realm: each with its length.
        for (int i = 0; i < 4; i++)
        {
            byte[] length = new byte[2];
            await stream.ReadExactlyAsync(length, cancellation);
            await stream.ReadExactlyAsync(new byte[BinaryPrimitives.ReadUInt16BigEndian(length)], cancellation);
        }

        await stream.WriteAsync("\0\u0002OK"u8.ToArray(), cancellation);
    }
}
