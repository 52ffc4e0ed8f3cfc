using System.Security.Cryptography;
using Microsoft.Extensions.DependencyInjection;
using Milter.Auth;
using Milter.Testing;
using Samples.DkimSigner;

namespace Milter.Tests;

/// <summary>Signing, proved on what is delivered.</summary>
public sealed class SigningTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("dkim-").FullName;
    private readonly FakeDns _dns = new();

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private static TestMessage Mail => TestMessage.From("joe@example.net").To("ann@example.org").WithoutDefaultHeaders()
        .Header("From", "Joe <joe@example.net>").Header("To", "ann@example.org").Header("Subject", "Gr\u00fc\u00dfe  an\u00a0alle").Body("Hello,\n\nthis is  it. \n\n\n");

    private static TestClient Own => TestClient.At("192.0.2.7").Login("joe");

    private (string Key, string Value)[] Key(string selector = "sel", string domain = "example.net", bool isSubdomains = false)
    {
        using RSA rsa = RSA.Create(1024);
        string file = Path.Combine(_folder, selector + ".pem");
        File.WriteAllText(file, rsa.ExportPkcs8PrivateKeyPem());
        _dns.Text($"{selector}._domainkey.{domain}", $"v=DKIM1; p={Convert.ToBase64String(rsa.ExportSubjectPublicKeyInfo())}");
        return [("DkimSigning:Keys:0:Domain", domain), ("DkimSigning:Keys:0:Selector", selector), ("DkimSigning:Keys:0:File", file), ("DkimSigning:Keys:0:Subdomains", isSubdomains.ToString())];
    }

    private async Task<IReadOnlyList<DkimResult>> VerifyAsync(MilterTestRun run) =>
        await new DkimVerifier(_dns, new AuthenticationOptions(), TimeProvider.System).VerifyAsync(RawMessage.Of(run.Outcome.Result.Content.ToBytes()), CancellationToken.None);

    [Fact]
    public async Task Mail_of_our_own_is_signed_and_verifies()
    {
        await using var host = new AuthHost<Signer>(static services => services.AddDkimSigning().AddMilter<Signer>(), _dns, Key());

        foreach (TestClient client in new[] { Own, TestClient.Local() })
        {
            MilterTestResult sent = await host.SendAsync(Mail, client);

            foreach (MilterTestRun run in sent.AssertPassed().Runs)
            {
                DkimResult result = Assert.Single(await VerifyAsync(run));
                Assert.True(result.Result == AuthResult.Pass, result.ToString());
            }
        }
    }

    [Fact]
    public async Task What_is_signed_is_what_the_filters_own_edits_make_of_it()
    {
        await using var host = new AuthHost<EditingSigner>(static services => services.AddDkimSigning().AddMilter<EditingSigner>(), _dns, Key());

        MilterTestResult sent = await host.SendAsync(Mail, Own);

        Assert.Contains("a footer", sent.Body, StringComparison.Ordinal);
        foreach (MilterTestRun run in sent.AssertPassed().Runs)
        {
            DkimResult result = Assert.Single(await VerifyAsync(run));
            Assert.True(result.Result == AuthResult.Pass, result.ToString());
        }
    }

    [Fact]
    public async Task Mail_of_strangers_and_of_other_domains_passes_unsigned()
    {
        await using var host = new AuthHost<Signer>(static services => services.AddDkimSigning().AddMilter<Signer>(), _dns, Key());
        TestMessage Of(string from) => TestMessage.From("joe@example.net").To("ann@example.org").WithoutDefaultHeaders().Header("From", from).Body("x\n");

        (await host.SendAsync(Mail)).AssertUnchanged();
        (await host.SendAsync(Of("joe@example.org"), Own)).AssertUnchanged();
        (await host.SendAsync(Of("joe@sub.example.net"), Own)).AssertUnchanged();
        (await host.SendAsync(Of("joe@example.net, ann@example.org"), Own)).AssertUnchanged();
    }

    [Fact]
    public async Task A_domain_may_sign_for_those_below_and_networks_may_be_ours()
    {
        await using var host = new AuthHost<Signer>(static services => services.AddDkimSigning().AddMilter<Signer>(), _dns, [.. Key(isSubdomains: true), ("DkimSigning:Networks:0", "192.0.2.0/24")]);

        MilterTestResult sent = await host.SendAsync(TestMessage.From("joe@a.example.net").To("ann@example.org").WithoutDefaultHeaders().Header("From", "joe@a.example.net").Body("x\n"));

        Assert.Equal("example.net", Assert.Single(await VerifyAsync(sent.AssertPassed().Runs[0])).Domain);
    }

    [Theory]
    [InlineData("TempFail", false)]
    [InlineData("Unsigned", true)]
    public async Task A_key_that_can_not_be_read_is_what_the_option_says(string onFailure, bool passes)
    {
        (string Key, string Value)[] settings = [.. Key(), ("DkimSigning:OnFailure", onFailure)];
        await using var host = new AuthHost<Signer>(static services => services.AddDkimSigning().AddMilter<Signer>(), _dns, settings);
        File.WriteAllText(settings[2].Value, "no key");
        File.SetLastWriteTimeUtc(settings[2].Value, DateTime.UtcNow.AddMinutes(1));

        MilterTestResult sent = await host.SendAsync(Mail, Own);

        _ = passes ? sent.AssertUnchanged() : sent.AssertTempFailed(451, "4.7.5");
    }

    [Fact]
    public void Settings_without_a_key_that_can_be_read_are_refused_at_the_start()
    {
        (string Key, string Value)[] settings = Key();
        settings[2].Value = Path.Combine(_folder, "absent.pem");

        Assert.Contains("absent.pem", Assert.ThrowsAny<Exception>(() => new AuthHost<Signer>(static services => services.AddDkimSigning().AddMilter<Signer>(), _dns, settings)).Message, StringComparison.Ordinal);
    }
}

/// <summary>Changes a message and signs it.</summary>
[Milter]
internal sealed partial class EditingSigner
{
    [OnEom]
    private static void Edit(DkimSigning signing, HeaderEditor header, BodyEditor body)
    {
        _ = signing;
        header.Set("Subject", "\u00fcber  uns, in einer Zeile, die lang genug ist, um gefaltet zu werden, und noch etwas l\u00e4nger als die anderen");
        header.Append("List-Id", "<list.example.net>");
        header.Prepend("Reply-To", "list@example.net");
        body.AppendOriginal();
        body.Append("a footer\r\n");
    }
}
