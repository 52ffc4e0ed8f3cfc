using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using Milter.Tests;

namespace Milter.Runtime.Tests.Transport;

/// <summary>Protects what goes over a network that others are in, too.</summary>
public sealed class TlsTests : IDisposable
{
    private readonly TestServices _services = new();
    private readonly TemporaryFolder _folder = new();
    private readonly TestAuthority _authority = new();

    public TlsTests() => _authority.Write(_folder.Path, "server", "filter.example.org");

    private string this[string name] => Path.Combine(_folder.Path, name);

    public void Dispose()
    {
        _services.Dispose();
        _folder.Dispose();
        _authority.Dispose();
    }

    [Fact]
    public async Task A_conversation_is_encrypted_and_who_speaks_plainly_is_closed()
    {
        await using MilterServer server = await StartAsync(_ => { });

        Assert.Equal("Occc", await TalkAsync(server, null));
        using Mta plain = await Mta.ConnectAsync(server.EndPoint);
        await plain.SendAsync(Mta.UpToMail);
        Assert.True(await ClosedAsync(plain));

        await UntilAsync(() => _services.Log.Any(line => line.StartsWith("Warning 121 Scripted: 127.0.0.1:", StringComparison.Ordinal)));
    }

    [Theory]
    [InlineData("mta.example.org", true)]
    [InlineData("MTA.example.org", true)]
    [InlineData("other.example.org", false)]
    [InlineData(null, false)]
    [InlineData("stranger", false)]
    public async Task Only_clients_with_a_certificate_and_a_name_that_may_are_served(string? name, bool isServed)
    {
        _authority.WriteAuthority(this["ca.pem"]);
        await using MilterServer server = await StartAsync(tls =>
        {
            tls.ClientAuthorityFile = this["ca.pem"];
            tls.AllowedNames = ["backup.example.org", "mta.example.org"];
        });
        using var strangers = new TestAuthority();
        using X509Certificate2? certificate = name switch
        {
            null => null,
            "stranger" => strangers.Issue("mta.example.org"),
            _ => _authority.Issue(name),
        };

        Assert.Equal(isServed ? "Occc" : "", await TalkAsync(server, certificate));

        if (!isServed)
        {
            await UntilAsync(() => _services.Log.Any(line => line.StartsWith("Warning 121", StringComparison.Ordinal)));
        }
    }

    [Fact]
    public async Task A_new_certificate_is_shown_as_soon_as_it_is_there_and_a_broken_one_is_told_and_not_taken()
    {
        await using MilterServer server = await StartAsync(_ => { });
        var shown = new List<string>();
        Assert.Equal("Occc", await TalkAsync(server, null, shown));

        _authority.Write(_folder.Path, "server", "renewed.example.org");
        File.SetLastWriteTimeUtc(this["server.pem"], DateTime.UtcNow.AddMinutes(1));
        Assert.Equal("Occc", await TalkAsync(server, null, shown));

        await File.WriteAllTextAsync(this["server.pem"], "broken");
        File.SetLastWriteTimeUtc(this["server.pem"], DateTime.UtcNow.AddMinutes(2));
        Assert.Equal("Occc", await TalkAsync(server, null, shown));

        Assert.Equal(["CN=filter.example.org", "CN=renewed.example.org", "CN=renewed.example.org"], shown);
        Assert.Single(_services.Log, line => line.StartsWith("Error 118", StringComparison.Ordinal) && line.Contains("server.pem", StringComparison.Ordinal));
        MilterListenException e = Assert.Throws<MilterListenException>(() => server.Reload(options => options.UseTls(tls => tls.CertificateFile = this["server.pem"])));
        Assert.StartsWith($"UseTls: the certificate in {this["server.pem"]} and its key in {this["server.pem"]} can't be used: ", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_was_said_last_goes_out_before_the_connection_is_closed()
    {
        // With a clock that stands the last moment lasts until all is said.
        using var services = new TestServices { Time = new ManualTime() };
        var entered = new TaskCompletionSource();
        var gate = new TaskCompletionSource();
        MilterServer server = await MilterServer.StartAsync(
            "inet:0@localhost",
            () => new ScriptedFilter { Eom = async _ => { entered.TrySetResult(); await gate.Task; return Verdict.Reject(550, "5.7.1", new string('x', 900)); } },
            options =>
            {
                options.DrainTimeout = TimeSpan.Zero;
                Use(options, _ => { });
            },
            services);
        await using Stream mta = await ConnectAsync(server, null);
        await mta.WriteAsync((byte[])[.. Mta.UpToMail, .. Mta.Rcpt, .. Mta.Content]);
        Assert.Equal("Occcccccc", await ReadAsync(mta, 9));
        await entered.Task;

        Task stopping = server.StopAsync();
        gate.SetResult();

        Assert.Equal("y", await ReadAsync(mta, 2));
        await stopping;
    }

    [Fact]
    public async Task What_is_wrong_with_it_is_told_at_the_start()
    {
        Assert.Contains("UseTls is for TCP", (await Assert.ThrowsAsync<MilterListenException>(() => MilterServer.StartAsync<ScriptedFilter>($"unix:{_folder.Path}/s", options => Use(options, _ => { })))).Message, StringComparison.Ordinal);
        Assert.Contains("CertificateFile is missing", (await FailAsync(tls => tls.CertificateFile = null)).Message, StringComparison.Ordinal);
        Assert.Contains("/nowhere.pem", (await FailAsync(tls => tls.CertificateFile = "/nowhere.pem")).Message, StringComparison.Ordinal);
        Assert.Contains("needs ClientAuthorityFile", (await FailAsync(tls => tls.AllowedNames = ["a"])).Message, StringComparison.Ordinal);
        Assert.Contains("there is no certificate in ", (await FailAsync(tls => tls.ClientAuthorityFile = this["server.key"])).Message, StringComparison.Ordinal);

        Task<MilterListenException> FailAsync(Action<MilterTlsOptions> configure) => Assert.ThrowsAsync<MilterListenException>(() => StartAsync(configure));
    }

    private static async Task UntilAsync(Func<bool> isSo)
    {
        while (!isSo())
        {
            await Task.Delay(5);
        }
    }

    private static async Task<bool> ClosedAsync(Mta mta)
    {
        try
        {
            return await mta.ReadToEndAsync() is not "Occc";
        }
        catch (SocketException)
        {
            return true;
        }
    }

    private static async Task<string> TalkAsync(MilterServer server, X509Certificate2? certificate, List<string>? shown = null)
    {
        try
        {
            await using Stream mta = await ConnectAsync(server, certificate, shown);
            await mta.WriteAsync(Mta.UpToMail);
            return await ReadAsync(mta, 4);
        }
        catch (Exception e) when (e is IOException or AuthenticationException)
        {
            return "";
        }
    }

    private static async Task<Stream> ConnectAsync(MilterServer server, X509Certificate2? certificate, List<string>? shown = null)
    {
        var client = new TcpClient { NoDelay = true };
        await client.ConnectAsync(IPAddress.Loopback, server.EndPoint.Port);
        var stream = new SslStream(client.GetStream(), false, (_, remote, _, _) =>
        {
            shown?.Add(remote?.Subject ?? "nothing");
            return remote is not null;
        });
        await stream.AuthenticateAsClientAsync(new SslClientAuthenticationOptions
        {
            TargetHost = "filter.example.org",
            ClientCertificateContext = certificate is null ? null : SslStreamCertificateContext.Create(certificate, null, offline: true),
        });
        Assert.InRange(stream.SslProtocol, SslProtocols.Tls12, SslProtocols.Tls13);
        return stream;
    }

    private static async Task<string> ReadAsync(Stream mta, int count)
    {
        var codes = new StringBuilder();
        byte[] head = new byte[5];
        while (codes.Length < count)
        {
            if (await mta.ReadAtLeastAsync(head, 5, throwOnEndOfStream: false) < 5)
            {
                break;
            }

            codes.Append((char)head[4]);
            await mta.ReadExactlyAsync(new byte[System.Buffers.Binary.BinaryPrimitives.ReadInt32BigEndian(head) - 1]);
        }

        return codes.ToString();
    }

    private Task<MilterServer> StartAsync(Action<MilterTlsOptions> configure) =>
        MilterServer.StartAsync("inet:0@localhost", () => new ScriptedFilter(), options => Use(options, configure), _services);

    private void Use(MilterOptions options, Action<MilterTlsOptions> configure) => options.UseTls(tls =>
    {
        tls.CertificateFile = this["server.pem"];
        tls.KeyFile = this["server.key"];
        configure(tls);
    });
}
