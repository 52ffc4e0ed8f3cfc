using System.Security.Cryptography;
using global::Samples.DkimSigner;
using global::Samples.SenderCheck;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Milter.Auth;

namespace Milter.Mta.Tests;

/// <summary>Protects what the pages of the samples promise behind both servers: what is signed is what arrives, by our reading and by OpenDKIM's.</summary>
[Collection(CaseCollection.Name)]
public sealed class SigningTests(CaseFixture fixture) : IDisposable
{
    private const string OpenDkim = "/usr/sbin/opendkim";

    private readonly WorkFolder _folder = WorkFolder.Create("dkim");

    public static TheoryData<MtaKind> Servers => CaseFixture.Servers;

    public void Dispose() => _folder.Dispose();

    [SkippableTheory, MemberData(nameof(Servers))]
    public async Task Mail_that_is_signed_verifies_where_it_arrives(MtaKind kind)
    {
        using RSA rsa = RSA.Create(2048);
        await File.WriteAllTextAsync(_folder["key.pem"], rsa.ExportPkcs8PrivateKeyPem());
        string record = $"v=DKIM1; k=rsa; p={Convert.ToBase64String(rsa.ExportSubjectPublicKeyInfo())}";
        IConfiguration configuration = new ConfigurationBuilder().AddInMemoryCollection(new Dictionary<string, string?>
        {
            ["DkimSigning:Keys:0:Domain"] = "example.org",
            ["DkimSigning:Keys:0:Selector"] = "sel",
            ["DkimSigning:Keys:0:File"] = _folder["key.pem"],
        }).Build();
        await using FilterRun run = await fixture.RunAsync<Signer>(kind, null, services: services => services.AddSingleton(configuration).AddDkimSigning());
        string to = Mail.NewAddress();

        SinkMessage delivered = await run.PassAsync("From: Joe <joe@example.org>\r\nTo: ann@example.com\r\nDate: Thu, 1 Jan 2026 00:00:00 +0000\r\nMessage-ID: <1@example.org>\r\nSubject:  two\r\n\tand a fold\r\n\r\nHello \r\n\r\n.dot\r\n\r\n", to);

        IReadOnlyList<DkimResult> results = await new DkimVerifier(new OneRecord("sel._domainkey.example.org", record), new AuthenticationOptions(), TimeProvider.System)
            .VerifyAsync(RawMessage.Of(delivered.Data), CancellationToken.None);
        Assert.True(Assert.Single(results).Result == AuthResult.Pass, $"{results[0]}\n{delivered.Text}");
        if (File.Exists(OpenDkim))
        {
            await File.WriteAllTextAsync(_folder["keys"], $"sel._domainkey.example.org {record}\n");
            await File.WriteAllTextAsync(_folder["opendkim.conf"], $"Mode v\nTestPublicKeys {_folder["keys"]}\n");
            await File.WriteAllBytesAsync(_folder["message"], delivered.Data);
            CommandResult told = await Command.RunAsync(OpenDkim, ["-x", _folder["opendkim.conf"], "-v", "-t", _folder["message"]]);
            Assert.Contains("verification (s=sel", told.Text + told.Error, StringComparison.Ordinal);
            Assert.Contains("succeeded", told.Text + told.Error, StringComparison.Ordinal);
        }
    }

    [SkippableTheory, MemberData(nameof(Servers))]
    public async Task Local_mail_is_not_judged_and_forged_results_are_gone(MtaKind kind)
    {
        IConfiguration configuration = new ConfigurationBuilder().AddInMemoryCollection(new Dictionary<string, string?> { ["Authentication:AuthservId"] = "mx.example.org" }).Build();
        await using FilterRun run = await fixture.RunAsync<SenderChecker>(kind, null, services: services => services.AddSingleton(configuration).AddLogging()
            .AddSingleton<IDnsQuery>(new OneRecord("", "")).AddOptions().AddSenderAuthentication());

        SinkMessage delivered = await run.PassAsync("Authentication-Results: MX.example.org; dmarc=pass\r\nFrom: joe@example.org\r\nSubject: x\r\n\r\nHello\r\n", Mail.NewAddress());

        Assert.Equal("mx.example.org; none", Assert.Single(delivered.HeaderValues("Authentication-Results")).Trim());
    }

    private sealed class OneRecord(string name, string text) : IDnsQuery
    {
        public ValueTask<DnsAnswer> QueryAsync(string asked, DnsRecordType type, CancellationToken cancellation) =>
            new(asked == name && type == DnsRecordType.Txt ? DnsAnswer.Of([text]) : DnsAnswer.NoSuchName());
    }
}
