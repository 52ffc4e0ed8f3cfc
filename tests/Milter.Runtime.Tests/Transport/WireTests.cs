using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Milter.Protocol;
using Milter.Runtime.Tests.Session;
using Milter.Session;
using Milter.Transport;
using Milter.Transport.Wire;

namespace Milter.Runtime.Tests.Transport;

/// <summary>Protects the seam where another wire would be put: a connection over a stream that encrypts.</summary>
public sealed class WireTests : IConnectionOwner
{
    private static readonly TimeSpan s_patience = TimeSpan.FromMinutes(1);

    [Fact]
    public async Task A_conversation_goes_over_a_stream_that_encrypts()
    {
        (Stream mta, Stream filter) = await EncryptedPairAsync();
        await using Stream _ = mta;
        byte[] body = [.. Enumerable.Range(0, 3_000_000).Select(static i => (byte)i)];
        int seen = 0;
        SessionSettings settings = SessionSettings.Of(
            SessionDriver.Need((MilterStages)0x3FFF),
            _ => new TestFilter((at, step) =>
            {
                seen += at == MilterStages.Body ? step.Bytes.Length : 0;
                if (at == MilterStages.Eom)
                {
                    step.BodyEditor.Replace(body);
                }

                return at == MilterStages.Rcpt ? Later() : default;
            }),
            new Nothing(),
            new TestLog(),
            new MilterOptions());
        var connection = new Connection(this, settings, new StreamWire(filter), "c1", "test");
        connection.Start();

        Assert.Equal('O', await AskAsync(mta, b => CommandWriter.OptNeg(b, 6, (MilterActions)0x1FF, (ProtocolSteps)0x1FFFFF)));
        Assert.Equal('c', await AskAsync(mta, b => CommandWriter.Mail(b, "<a@example.test>")));
        Assert.Equal('c', await AskAsync(mta, b => CommandWriter.Rcpt(b, "<b@example.test>")));
        for (int i = 0; i < 20; i++)
        {
            Assert.Equal('c', await AskAsync(mta, b => CommandWriter.Body(b, body.AsSpan(0, 60_000))));
        }

        char code = await AskAsync(mta, CommandWriter.EndOfMessage);
        int frames = 0;
        for (; code == 'b'; code = await ReadAsync(mta))
        {
            frames++;
        }

        Assert.Equal(('c', 46, 20 * 60_000), (code, frames, seen));
        await mta.DisposeAsync();
        await connection.Ended.WaitAsync(s_patience);

        static async ValueTask<Verdict> Later()
        {
            await Task.Yield();
            return default;
        }
    }

    void IConnectionOwner.Wake()
    {
    }

    void IConnectionOwner.BeforeBlocking()
    {
    }

    void IConnectionOwner.Ended(Connection connection)
    {
    }

    private static async Task<(Stream Mta, Stream Filter)> EncryptedPairAsync()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var client = new TcpClient();
        await client.ConnectAsync(IPAddress.Loopback, ((IPEndPoint)listener.LocalEndpoint).Port);
        TcpClient server = await listener.AcceptTcpClientAsync();
        using RSA key = RSA.Create(2048);
        using X509Certificate2 made = new CertificateRequest("CN=localhost", key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1).CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(1));
        X509Certificate2 certificate = X509CertificateLoader.LoadPkcs12(made.Export(X509ContentType.Pfx), null);
        var mta = new SslStream(client.GetStream(), false, (_, shown, _, _) => shown?.GetCertHashString() == certificate.GetCertHashString());
        var filter = new SslStream(server.GetStream(), false);
        await Task.WhenAll(mta.AuthenticateAsClientAsync("localhost"), filter.AuthenticateAsServerAsync(certificate)).WaitAsync(s_patience);
        return (mta, filter);
    }

    private static async Task<char> AskAsync(Stream mta, Action<FrameBuffer> write)
    {
        using var frame = new FrameBuffer();
        write(frame);
        await mta.WriteAsync(frame.WrittenMemory);
        return await ReadAsync(mta);
    }

    private static async Task<char> ReadAsync(Stream mta)
    {
        byte[] head = new byte[5];
        await mta.ReadExactlyAsync(head).AsTask().WaitAsync(s_patience);
        byte[] payload = new byte[System.Buffers.Binary.BinaryPrimitives.ReadInt32BigEndian(head) - 1];
        await mta.ReadExactlyAsync(payload).AsTask().WaitAsync(s_patience);
        return (char)head[4];
    }

    private sealed class Nothing : IServiceProvider
    {
        public object? GetService(Type serviceType) => null;
    }
}
