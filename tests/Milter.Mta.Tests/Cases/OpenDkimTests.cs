using System.Text;
using global::Samples.DkimSigner;
using global::Samples.SenderCheck;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Milter.Auth;
using Milter.Client;
using Milter.Mime.Tests;
using Milter.Mta.Filters;

namespace Milter.Mta.Tests;

/// <summary>Protects that signatures mean the same to us and to OpenDKIM, to the byte, on the ways of both servers; keys come from a real resolver.</summary>
[Collection(CaseCollection.Name)]
public sealed class OpenDkimTests(CaseFixture fixture)
{
    private const string Outside = "ADDR=203.0.113.9 NAME=mail.example.org";
    private const string Head = "From: Joe <joe@example.org>\r\nTo: ann@example.com\r\nDate: Thu, 1 Jan 2026 00:00:00 +0000\r\nMessage-ID: <1@example.org>\r\n";

    private static readonly string[] s_canonicalizations = ["simple/simple", "simple/relaxed", "relaxed/simple", "relaxed/relaxed"];

    // What implementations differ about. Latin-1: the letters beyond ASCII are bytes of UTF-8.
    private static readonly (string Name, string Message)[] s_cases =
    [
        ("plain", Head + "Subject: hello\r\n\r\nHello\r\n"),
        ("tab after the colon", Head + "Subject:\thello\r\n\r\nHello\r\n"),
        ("two spaces after the colon", Head + "Subject:  hello\r\n\r\nHello\r\n"),
        ("nothing after the colon", Head + "Subject:hello\r\n\r\nHello\r\n"),
        ("folds", Head + "Subject: one\r\n two\r\n\tthree\r\n  \tfour\r\n\r\nHello\r\n"),
        ("blanks at the end of a field", Head + "Subject: hello  \t\r\n\r\nHello\r\n"),
        ("an empty field", Head + "Subject:\r\nComments: \r\n\r\nHello\r\n"),
        ("raw UTF-8", Head + "Subject: gr\u00c3\u00bcn\r\nMIME-Version: 1.0\r\nContent-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: 8bit\r\n\r\ngr\u00c3\u00bcn\r\n"),
        ("a field twice", Head + "Subject: hello\r\nComments: one\r\nComments: two\r\n\r\nHello\r\n"),
        ("an empty body", Head + "Subject: hello\r\n\r\n"),
        ("empty lines at the end", Head + "Subject: hello\r\n\r\nHello\r\n\r\n\r\n"),
        ("nothing but empty lines", Head + "Subject: hello\r\n\r\n\r\n\r\n"),
        ("white space in lines", Head + "Subject: hello\r\n\r\nHello \t\r\n  two  three\t four\r\n \r\n"),
        ("dots", Head + "Subject: hello\r\n\r\n.\r\n..two\r\n.three\r\n"),
    ];

    public static TheoryData<MtaKind> Servers => CaseFixture.Servers;

    [SkippableTheory, MemberData(nameof(Servers))]
    public async Task What_the_sample_signs_OpenDKIM_verifies_where_it_arrives(MtaKind kind)
    {
        await using var peer = new OpenDkim();
        await using NameServer dns = await NameServer.StartAsync(peer.ZoneLine);
        IConfiguration configuration = Settings(("DkimSigning:Keys:0:Domain", OpenDkim.Domain), ("DkimSigning:Keys:0:Selector", OpenDkim.Selector), ("DkimSigning:Keys:0:File", peer.KeyFile));
        await using FilterRun run = await fixture.RunAsync<Signer>(kind, null, services: services => services.AddSingleton(configuration).AddDkimSigning());

        foreach ((string name, string message) in s_cases)
        {
            SinkMessage delivered = await run.PassAsync(message, from: "<joe@example.org> BODY=8BITMIME");

            await peer.AssertVerifiesAsync(delivered.Data, dns);
            await AssertWeVerifyAsync(name, delivered.Data, dns);
        }
    }

    [SkippableTheory, MemberData(nameof(Servers))]
    public async Task What_OpenDKIM_signs_we_verify_as_the_server_shows_it(MtaKind kind)
    {
        await using var peer = new OpenDkim();
        await using NameServer dns = await NameServer.StartAsync(peer.ZoneLine);
        var journal = new Journal();
        await using FilterRun run = await fixture.RunAsync(kind, () => new WholeMessageFilter(journal, (_, _) => { }));

        foreach ((string name, string message) in s_cases)
        {
            foreach (string canonicalization in s_canonicalizations)
            {
                byte[]? signed = await peer.SignAsync(MailContent.Parse(Mail.Bytes(message)), canonicalization);
                Assert.NotNull(signed);
                int before = journal.Entries.Count;

                await run.PassAsync(Encoding.Latin1.GetString(signed), from: "<joe@example.org> BODY=8BITMIME");

                string seen = journal.Entries.Skip(before).First(entry => entry.Contains("DKIM-Signature", StringComparison.Ordinal));
                await AssertWeVerifyAsync($"{name}, {canonicalization}", Mail.Bytes(seen), dns);
            }
        }
    }

    // SMTP ends each line; a message on the milter's wire need not.
    [SkippableFact]
    public async Task A_body_without_a_last_line_end_is_signed_as_it_stands_there()
    {
        await using var peer = new OpenDkim();
        await using NameServer dns = await NameServer.StartAsync(peer.ZoneLine);
        foreach (string body in (string[])["no line end", "two lines\r\nno line end", "", "\r\n", " "])
        {
            foreach (string canonicalization in s_canonicalizations)
            {
                byte[]? signed = await peer.SignAsync(new MailContent(MailContent.Parse(Mail.Bytes(s_cases[0].Message)).Headers, Mail.Bytes(body)), canonicalization);
                if (signed is null)
                {
                    // OpenDKIM 2.11.0 does not sign the relaxed form of a line that does not end.
                    Assert.EndsWith("/relaxed", canonicalization, StringComparison.Ordinal);
                    continue;
                }

                await AssertWeVerifyAsync($"\"{body}\", {canonicalization}", signed, dns);
            }
        }
    }

    [SkippableFact]
    public async Task Each_message_of_the_corpus_that_OpenDKIM_signs_simple_we_verify()
    {
        await using var peer = new OpenDkim();
        await using NameServer dns = await NameServer.StartAsync(peer.ZoneLine);
        int count = 0;
        foreach ((string name, byte[] message) in Corpus.All())
        {
            MailContent content = MailContent.Parse(message);
            content.Headers.Insert(0, new MailHeader("Sender", "joe@example.org"));
            if (await peer.SignAsync(content, "simple/simple") is { } signed)
            {
                count++;
                await AssertWeVerifyAsync(name, signed, dns);
            }
        }

        Assert.True(count >= 300, $"{count} messages are signed");
    }

    // Only Postfix lets a test be somebody outside.
    [SkippableFact]
    public async Task SenderCheck_passes_what_its_domain_has_signed_and_refuses_what_it_has_not()
    {
        await using var peer = new OpenDkim();
        await using NameServer dns = await NameServer.StartAsync(
            peer.ZoneLine, "_dmarc.example.org. 60 IN TXT \"v=DMARC1; p=reject\"", "example.org. 60 IN TXT \"v=spf1 ip4:192.0.2.0/24 -all\"", "9.113.0.203.in-addr.arpa. 60 IN PTR mail.example.org.");
        IConfiguration configuration = Settings(("Dns:Servers:0", dns.Address), ("Authentication:AuthservId", "mx.example.net"));
        await using FilterRun run = await fixture.RunAsync<SenderChecker>(MtaKind.Postfix, null, services: services => services.AddSingleton(configuration).AddLogging().AddOptions().Configure<SenderCheckOptions>(options => options.OnReject = SenderAction.Reject).AddSenderAuthentication());
        string to = Mail.NewAddress();
        byte[]? signed = await peer.SignAsync(MailContent.Parse(Mail.Bytes(s_cases[2].Message)), "simple/simple");
        Assert.NotNull(signed);

        SmtpReply own = await SendAsync(run, to, signed);
        SmtpReply forged = await SendAsync(run, Mail.NewAddress(), Mail.Bytes(s_cases[0].Message));
        SmtpReply changed = await SendAsync(run, Mail.NewAddress(), Mail.Bytes(Encoding.Latin1.GetString(signed).Replace("Subject:  hello", "Subject: hello", StringComparison.Ordinal)));

        Assert.Equal((250, 550, 550), (own.Code, forged.Code, changed.Code));
        Assert.Contains("5.7.1 example.org refuses mail that it has not sent", forged.ToString(), StringComparison.Ordinal);
        string results = Assert.Single((await run.DeliveredAsync(to)).HeaderValues("Authentication-Results")).ReplaceLineEndings(" ");
        Assert.Contains("spf=fail", results, StringComparison.Ordinal);
        Assert.Contains("dkim=pass", results, StringComparison.Ordinal);
        Assert.Contains("dmarc=pass", results, StringComparison.Ordinal);
        Assert.Empty(run.Log.Complaints);
    }

    private static async Task<SmtpReply> SendAsync(FilterRun run, string to, byte[] message)
    {
        await using SmtpClientSession session = await run.OpenAsync();
        await session.XclientAsync(Outside);
        await session.EhloAsync("mail.example.org");
        return await session.SendAsync("<joe@example.org>", [$"<{to}>"], message);
    }

    private static async Task AssertWeVerifyAsync(string name, byte[] message, NameServer dns)
    {
        var options = new DnsOptions { Servers = { dns.Address }, Timeout = Deadline.Generous / 2, Tries = 1 };
        IReadOnlyList<DkimResult> results = await new DkimVerifier(new MailDns(options), new AuthenticationOptions(), TimeProvider.System).VerifyAsync(RawMessage.Of(message), CancellationToken.None);
        Assert.True(results is [{ Result: AuthResult.Pass }], $"{name}: {string.Join("; ", results)}\n{Encoding.Latin1.GetString(message)}");
    }

    private static IConfiguration Settings(params IEnumerable<(string Key, string Value)> settings) =>
        new ConfigurationBuilder().AddInMemoryCollection(settings.Select(one => KeyValuePair.Create(one.Key, (string?)one.Value))).Build();
}
