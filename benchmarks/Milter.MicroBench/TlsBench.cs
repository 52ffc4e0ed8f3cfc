using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography.X509Certificates;
using BenchmarkDotNet.Attributes;
using Milter.BenchFilter;
using Milter.CompilerServices;
using Milter.Protocol;
using Milter.Tests;

namespace Milter.MicroBench;

/// <summary>One small message over TCP on loopback, answered: in the clear on the loops and on the platform's sockets, and with TLS on both ends.</summary>
/// <remarks>Both ends are in this process, so both ends' work is in the figure.</remarks>
public class TlsBench
{
    private const string Clear = "clear", Sockets = "clear, Sockets", Tls = "mutual TLS";

    private readonly byte[] _replies = new byte[64 * 1024];
    private TestAuthority? _authority;
    private string _folder = "";
    private X509Certificate2? _certificate;
    private MilterServer? _server;
    private Stream? _stream;
    private byte[] _message = [];
    private byte[] _hello = [];

    /// <summary>Gets or sets what carries the message.</summary>
    [Params(Clear, Sockets, Tls)]
    public string Wire { get; set; } = "";

    /// <summary>Starts a filter, connects and negotiates.</summary>
    [GlobalSetup]
    public void Prepare()
    {
        _folder = Directory.CreateTempSubdirectory("tls-bench").FullName;
        _authority = new TestAuthority();
        _authority.Write(_folder, "filter", "filter.example.org");
        _authority.WriteAuthority(Path.Combine(_folder, "ca.pem"));
        _certificate = _authority.Issue("mta.example.org");
        _server = MilterServer.StartAsync<TypicalFilter>("inet:0@127.0.0.1", Configure).GetAwaiter().GetResult();
        ProtocolSteps waived = MilterDescriptor.Of<TypicalFilter>().Waived;
        using var frames = new FrameBuffer();
        CommandWriter.OptNeg(frames, 6, MilterActions.All, (ProtocolSteps)0x1FFFFF);
        SmallMessage.WriteSession(frames, waived);
        _hello = frames.WrittenSpan.ToArray();
        frames.Clear();
        SmallMessage.Write(frames, waived);
        _message = frames.WrittenSpan.ToArray();
        _stream = Connect();
        Play(_stream, _message, MilterReply.Continue);
    }

    /// <summary>The message, then the ABORT that Postfix sends after each.</summary>
    /// <returns>Bytes of the reply.</returns>
    [Benchmark]
    public int Message() => Play(_stream!, _message, MilterReply.Continue);

    /// <summary>A connection, the negotiation, and the message.</summary>
    /// <returns>Bytes of the reply.</returns>
    [Benchmark]
    public int ConnectionAndMessage()
    {
        using Stream stream = Connect();
        return Play(stream, _message, MilterReply.Continue);
    }

    /// <summary>Stops the filter.</summary>
    [GlobalCleanup]
    public void End()
    {
        _stream?.Dispose();
        _server?.DisposeAsync().AsTask().Wait();
        _certificate?.Dispose();
        _authority?.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    private void Configure(MilterOptions options)
    {
        options.Transport = Wire == Sockets ? MilterTransport.Sockets : MilterTransport.Automatic;
        if (Wire == Tls)
        {
            options.UseTls(tls =>
            {
                tls.CertificateFile = Path.Combine(_folder, "filter.pem");
                tls.KeyFile = Path.Combine(_folder, "filter.key");
                tls.ClientAuthorityFile = Path.Combine(_folder, "ca.pem");
                tls.AllowedNames = ["mta.example.org"];
            });
        }
    }

    private Stream Connect()
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        socket.Connect(IPAddress.Loopback, _server!.EndPoint.Port);
        Stream stream = new NetworkStream(socket, ownsSocket: true);
        if (Wire == Tls)
        {
            var secured = new SslStream(stream);
            secured.AuthenticateAsClient(new SslClientAuthenticationOptions
            {
                TargetHost = "filter.example.org",
                ClientCertificateContext = SslStreamCertificateContext.Create(_certificate!, null, offline: true),
                RemoteCertificateValidationCallback = static (_, shown, _, _) => shown is not null,
            });
            stream = secured;
        }

        Play(stream, _hello, MilterReply.OptNeg);
        return stream;
    }

    // Reads until the awaited verdict; what is edited comes before it.
    private int Play(Stream stream, byte[] bytes, MilterReply last)
    {
        stream.Write(bytes);
        int have = 0;
        while (true)
        {
            have += stream.Read(_replies, have, _replies.Length - have);
            ReadOnlySpan<byte> rest = _replies.AsSpan(0, have);
            while (FrameReader.TryRead(rest, MilterLimits.MaxPayload, out Frame frame, out int length) == FrameStatus.Complete)
            {
                if (frame.Reply == last)
                {
                    return have;
                }

                rest = rest[length..];
            }
        }
    }
}
