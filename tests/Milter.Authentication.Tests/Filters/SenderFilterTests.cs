using System.Text;
using Microsoft.Extensions.DependencyInjection;
using Milter.Testing;
using Samples.SenderCheck;

namespace Milter.Tests;

/// <summary>Filters that take who sent a message as a parameter.</summary>
public sealed class SenderFilterTests
{
    private const string Client = "192.0.2.7";
    private readonly FakeDns _dns = new FakeDns().Text("example.net", $"v=spf1 ip4:{Client} -all").Text("_dmarc.example.net", "v=DMARC1; p=reject");

    private static TestMessage Mail(string from = "joe@example.net") => TestMessage.From(from).To("ann@example.org").WithoutDefaultHeaders().Header("From", from).Header("Subject", "x").Body("Hello\n");

    private AuthHost<SenderChecker> Checker(params (string Key, string Value)[] settings) =>
        new(static services => services.AddSenderCheckFilter(), _dns, [("Authentication:AuthservId", "mx.example.org"), .. settings]);

    [Fact]
    public async Task The_result_is_at_the_top_and_fields_that_claim_to_be_ours_are_gone()
    {
        await using AuthHost<SenderChecker> host = Checker();
        TestMessage message = Mail().Header("Authentication-Results", "MX.example.org (x); dmarc=pass").Header("Authentication-Results", "other.example.org; spf=pass").Header("authentication-results", "(y) \"mx.example.org\" 1; spf=pass");

        MilterTestResult sent = (await host.SendAsync(message, TestClient.At(Client).Helo("mail.example.net"))).AssertPassed();

        IReadOnlyList<string> fields = sent.Headers("Authentication-Results");
        Assert.Equal(2, fields.Count);
        Assert.True(AuthenticationResultsField.TryParse(fields[0], out AuthenticationResultsField? own));
        Assert.Equal(["spf=pass", "dmarc=pass"], own!.Results.Select(static one => $"{one.Method}={one.Result}"));
        Assert.Equal("joe@example.net", own.Results[0].Properties["smtp.mailfrom"]);
        Assert.Contains("other.example.org", fields[1], StringComparison.Ordinal);
        Assert.Equal("Authentication-Results", sent.Message.Content.Headers[0].Name);
    }

    [Theory]
    [InlineData("Mark", "198.51.100.9", null)]
    [InlineData("Reject", "198.51.100.9", 550)]
    [InlineData("TempFail", "198.51.100.9", 451)]
    [InlineData("Reject", Client, null)]
    public async Task What_a_domain_wants_to_be_refused_is_what_the_options_say(string action, string client, int? code)
    {
        await using AuthHost<SenderChecker> host = Checker(("SenderCheck:OnReject", action));

        MilterTestResult sent = await host.SendAsync(Mail(), TestClient.At(client));

        _ = code is null ? sent.AssertPassed() : sent.AssertReply(code);
    }

    [Fact]
    public async Task A_dry_run_and_exempt_clients_pass_and_holding_holds()
    {
        await using AuthHost<SenderChecker> dry = Checker(("SenderCheck:OnReject", "Reject"), ("SenderCheck:DryRun", "true"));
        await using AuthHost<SenderChecker> exempt = Checker(("SenderCheck:OnReject", "Reject"), ("SenderCheck:ExemptClients:0", "198.51.100.0/24"));
        await using AuthHost<SenderChecker> hold = Checker(("SenderCheck:OnReject", "Hold"));

        (await dry.SendAsync(Mail(), TestClient.At("198.51.100.9"))).AssertPassed();
        (await exempt.SendAsync(Mail(), TestClient.At("198.51.100.9"))).AssertPassed();
        (await hold.SendAsync(Mail(), TestClient.At("198.51.100.9"))).AssertQuarantined();
    }

    [Fact]
    public async Task Who_has_logged_in_or_is_local_is_not_judged()
    {
        await using AuthHost<SenderChecker> host = Checker(("SenderCheck:OnReject", "Reject"));

        foreach (TestClient client in new[] { TestClient.At("198.51.100.9").Login("joe"), TestClient.Local() })
        {
            MilterTestResult sent = (await host.SendAsync(Mail(), client)).AssertPassed();
            Assert.Equal("mx.example.org; none", Assert.Single(sent.Headers("Authentication-Results")).Trim());
        }

        Assert.Empty(_dns.Asked);
    }

    [Fact]
    public async Task Behind_relays_of_ours_the_client_is_the_one_that_they_name()
    {
        await using AuthHost<SenderChecker> host = Checker(("SenderCheck:OnReject", "Reject"), ("Authentication:TrustedRelays:0", "10.0.0.0/8"));
        await using AuthHost<SenderChecker> mark = Checker(("Authentication:TrustedRelays:0", "10.0.0.0/8"));
        static TestMessage By(string received) => TestMessage.From("joe@example.net").To("ann@example.org").WithoutDefaultHeaders()
            .Header("Received", "from relay1 (relay1.example.org [10.0.0.2])\n\tby relay2.example.org with ESMTP id 1; Thu, 1 Jan 2026 00:00:00 +0000")
            .Header("Received", received).Header("From", "joe@example.net").Body("x\n");
        TestClient relay = TestClient.At("10.0.0.3");

        (await host.SendAsync(By($"from mail.example.net (unknown [{Client}])\n\tby relay1.example.org; Thu, 1 Jan 2026 00:00:00 +0000"), relay)).AssertPassed();
        (await host.SendAsync(By("from mail.example.net (unknown [198.51.100.9]) by relay1.example.org; x"), relay)).AssertRejected(550);
        (await host.SendAsync(By("by relay1.example.org; x"), relay)).AssertRejected(550);
        Assert.Contains("does not tell", (await mark.SendAsync(By("by relay1.example.org; x"), relay)).AssertPassed().Headers("Authentication-Results")[0], StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_signature_is_verified_on_the_bytes_as_they_were_sent()
    {
        var signer = new TestSigner(1024);
        _dns.Text("sel._domainkey.example.net", signer.KeyRecord);
        string header = "From:joe@example.net\r\nTo:\tann@example.org\r\nSubject:  two blanks\r\n\tand a fold";
        byte[] body = "Hello \r\n\r\n"u8.ToArray();
        byte[] message = [.. signer.Sign(Encoding.Latin1.GetBytes(header), body), .. "\r\n"u8, .. Encoding.Latin1.GetBytes(header), .. "\r\n\r\n"u8, .. body];
        await using AuthHost<SenderChecker> host = Checker(("SenderCheck:OnReject", "Reject"));

        MilterTestResult sent = await host.SendAsync(TestMessage.Parse(Encoding.Latin1.GetString(message)).Sender("bounce@example.org").To("ann@example.org"), TestClient.At("198.51.100.9"));

        string field = Assert.Single(sent.AssertPassed().Headers("Authentication-Results"));
        Assert.Contains("dkim=pass", field, StringComparison.Ordinal);
        Assert.Contains("dmarc=pass", field, StringComparison.Ordinal);
    }

    [Fact]
    public async Task SPF_alone_can_be_taken_from_RCPT_on()
    {
        await using var host = new AuthHost<SpfGuard>(static services => services.AddSenderAuthentication().AddMilter<SpfGuard>(), _dns);

        (await host.SendAsync(Mail(), TestClient.At(Client))).AssertPassed();
        (await host.SendAsync(Mail(), TestClient.At("198.51.100.9"))).AssertRejected(550);
        (await host.SendAsync(Mail(), TestClient.At("198.51.100.9").Login("joe"))).AssertPassed();
    }

    [Theory]
    [InlineData("Dns:Servers:0", "resolver.example")]
    [InlineData("Dns:Timeout", "00:00:00")]
    [InlineData("Dns:Timout", "00:00:01")]
    [InlineData("Authentication:TrustedRelays:0", "10/8")]
    [InlineData("Authentication:MaxSignatures", "0")]
    public void Settings_that_can_not_hold_are_refused_at_the_start(string key, string value) =>
        Assert.Contains(key.Split(':')[1], Assert.ThrowsAny<Exception>(() => Checker((key, value))).Message, StringComparison.Ordinal);
}

/// <summary>Refuses at RCPT what SPF says is not from there.</summary>
[Milter]
internal sealed partial class SpfGuard
{
    [OnRcpt]
    private static Verdict To(SpfResult spf) => spf.Result == AuthResult.Fail ? Verdict.RejectCleaned(550, "5.7.23", spf.Explanation ?? spf.Reason) : Verdict.Continue;
}
