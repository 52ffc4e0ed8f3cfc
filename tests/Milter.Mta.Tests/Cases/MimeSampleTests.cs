using System.IO.Compression;
using System.Text;
using global::Samples.AttachmentPolicy;
using global::Samples.Banner;
using global::Samples.VirusScan;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;

namespace Milter.Mta.Tests;

/// <summary>Protects what the pages of the samples for content promise behind both servers.</summary>
[Collection(CaseCollection.Name)]
public sealed class MimeSampleTests(CaseFixture fixture)
{
    private const string Outside = "ADDR=203.0.113.9 NAME=mail.example.org";
    private const string Head = "From: joe@example.org\r\nDate: Thu, 1 Jan 2026 00:00:00 +0000\r\nMessage-ID: <1@example.org>\r\nMIME-Version: 1.0\r\n";
    private const string TextAndHtml = Head + "Content-Type: multipart/alternative; boundary=o\r\n\r\n--o\r\nContent-Type: text/plain\r\n\r\nhi\r\n--o\r\nContent-Type: text/html\r\n\r\n<html><body><p>hi</p></body></html>\r\n--o--\r\n";

    public static TheoryData<MtaKind> Servers => CaseFixture.Servers;

    [SkippableTheory, MemberData(nameof(Servers))]
    public async Task AttachmentPolicy_replaces_a_program_in_a_zip_in_a_forwarded_message_and_keeps_it(MtaKind kind)
    {
        using WorkFolder folder = WorkFolder.Create("kept");
        await using FilterRun run = await StartAsync(kind, new AttachmentPolicyOptions { Extensions = ["exe"], Keep = folder.Path });
        string message = Head + "Content-Type: multipart/mixed; boundary=o\r\n\r\n--o\r\nContent-Type: text/plain\r\n\r\nsee below \r\n--o\r\nContent-Type: message/rfc822\r\n\r\n" + Forwarded() + "\r\n--o--\r\nepilogue\r\n";

        SinkMessage delivered = await run.PassAsync(message);

        Assert.Equal(["removed evil.exe"], delivered.HeaderValues("X-Attachment-Policy"));
        int program = message.IndexOf("Content-Type: application/zip", StringComparison.Ordinal), behind = message.IndexOf("\r\n--i--", StringComparison.Ordinal);
        string body = message[message.IndexOf("--o\r\n", StringComparison.Ordinal)..];
        Assert.StartsWith(body[..(program - message.Length + body.Length)], delivered.Body, StringComparison.Ordinal);
        Assert.EndsWith(message[behind..], delivered.Body, StringComparison.Ordinal);
        Assert.Contains("The attachment evil.exe was removed by the mail system.", delivered.Body, StringComparison.Ordinal);
        string kept = Assert.Single(Directory.GetFiles(folder.Path));
        Assert.EndsWith("-1.2.1.2", kept, StringComparison.Ordinal);
        Assert.Equal(Zip(), await File.ReadAllBytesAsync(kept));
        Assert.Empty(run.Log.Complaints);
    }

    [SkippableTheory, MemberData(nameof(Servers))]
    public async Task AttachmentPolicy_refuses_or_holds(MtaKind kind)
    {
        string message = Head + "Content-Type: application/x-msdownload; name=a.bin\r\n\r\nMZ\r\n";
        await using (FilterRun refuses = await StartAsync(kind, new AttachmentPolicyOptions { MediaTypes = ["application/x-msdownload"], OnMatch = PolicyAnswer.Refuse }))
        {
            SmtpReply reply = await refuses.SendAsync(Mail.NewAddress(), message);
            Assert.Equal(550, reply.Code);
            Assert.Contains("5.7.1 The message has an attachment that is not taken here", reply.ToString(), StringComparison.Ordinal);
        }

        await using FilterRun holds = await StartAsync(kind, new AttachmentPolicyOptions { MediaTypes = ["application/x-msdownload"], OnMatch = PolicyAnswer.Hold });
        string to = Mail.NewAddress();
        Assert.Equal(250, (await holds.SendAsync(to, message)).Code);
        await holds.Server.WaitForHeldAsync(held => held.Recipients.Contains(to));
    }

    [SkippableTheory, MemberData(nameof(Servers))]
    public async Task The_recipe_for_programs_works_behind_both_servers(MtaKind kind)
    {
        await using FilterRun run = await fixture.RunAsync<NoPrograms>(kind);

        SinkMessage delivered = await run.PassAsync(Forwarded());
        SmtpReply signed = await run.SendAsync(Mail.NewAddress(), Forwarded().Replace("multipart/mixed;", "multipart/signed; protocol=\"application/pgp-signature\";", StringComparison.Ordinal));

        Assert.Equal(["evil.exe"], delivered.HeaderValues("X-Removed"));
        Assert.Contains("The attachment evil.exe was removed", delivered.Body, StringComparison.Ordinal);
        Assert.Equal(550, signed.Code);
        Assert.Empty(run.Log.Complaints);
    }

    [SkippableTheory, MemberData(nameof(Servers))]
    public async Task Banner_adds_the_disclaimer_to_text_and_HTML_of_local_mail(MtaKind kind)
    {
        await using FilterRun run = await StartAsync(kind, new BannerOptions { ExternalText = "[outside]", DisclaimerText = "Ltd" });

        SinkMessage delivered = await run.PassAsync(TextAndHtml);

        Assert.Contains("\r\nhi\r\nLtd\r\n--o", delivered.Body, StringComparison.Ordinal);
        Assert.Equal(2, delivered.Body.Split("Ltd").Length - 1);
        Assert.DoesNotContain("outside", delivered.Body, StringComparison.Ordinal);
        Assert.Empty(run.Log.Complaints);
    }

    // Only Postfix lets a test be somebody outside.
    [SkippableFact]
    public async Task Banner_is_put_before_mail_from_outside()
    {
        await using FilterRun run = await StartAsync(MtaKind.Postfix, new BannerOptions { ExternalText = "[outside]" });
        await using SmtpClientSession session = await run.OpenAsync();
        string to = Mail.NewAddress();
        await session.XclientAsync(Outside);
        await session.EhloAsync("mail.example.org");

        Assert.Equal(250, (await session.SendAsync("<joe@example.org>", [$"<{to}>"], TextAndHtml)).Code);

        SinkMessage delivered = await run.DeliveredAsync(to);
        Assert.Contains("\r\n\r\n[outside]\r\nhi\r\n", delivered.Body, StringComparison.Ordinal);
        Assert.Equal(2, delivered.Body.Split("[outside]").Length - 1);
    }

    [SkippableTheory, MemberData(nameof(Servers))]
    public async Task VirusScan_marks_refuses_and_puts_off_as_clamd_answers(MtaKind kind)
    {
        using WorkFolder folder = WorkFolder.Create("clamd");
        await using var clamd = new ScriptedClamd(folder["clamd.ctl"]);
        await using FilterRun run = await fixture.RunAsync<Scanner>(kind, () => new Scanner(
            Options.Create(new VirusScanOptions { Socket = clamd.Path, Timeout = Deadline.Generous / 2 }), TimeProvider.System, NullLogger<Scanner>.Instance));

        SinkMessage clean = await run.PassAsync(Head + "\r\nhello\r\n");
        SmtpReply infected = await run.SendAsync(Mail.NewAddress(), Head + $"\r\n{ScriptedClamd.Virus}\r\n");
        await clamd.StopAsync();
        SmtpReply away = await run.SendAsync(Mail.NewAddress(), Head + "\r\nhello\r\n");

        Assert.Equal(["clean"], clean.HeaderValues("X-Virus-Scanned"));
        Assert.Equal((550, 451), (infected.Code, away.Code));
        Assert.StartsWith(Head, Encoding.Latin1.GetString(clamd.Scanned[0]), StringComparison.Ordinal);
        Assert.EndsWith("\r\n\r\nhello\r\n", Encoding.Latin1.GetString(clamd.Scanned[0]), StringComparison.Ordinal);
    }

    [SkippableTheory, MemberData(nameof(Servers))]
    public async Task VirusScan_has_Debians_clamd_find_what_is_in_a_message(MtaKind kind)
    {
        await using Clamd clamd = await Clamd.StartAsync();
        await using FilterRun run = await fixture.RunAsync<Scanner>(kind, () => new Scanner(Options.Create(Asking(clamd)), TimeProvider.System, NullLogger<Scanner>.Instance));
        string encoded = Head + "Content-Type: application/zip\r\nContent-Transfer-Encoding: base64\r\n\r\n" + Convert.ToBase64String(Zip("a.txt", Encoding.ASCII.GetBytes(Clamd.Sample)), Base64FormattingOptions.InsertLineBreaks) + "\r\n";
        string large = Head + "\r\n" + string.Concat(Enumerable.Repeat(new string('x', 70) + "\r\n", 2 * Clamd.StreamMaxLength / 72));

        SmtpReply found = await run.SendAsync(Mail.NewAddress(), $"{Head}\r\nsee {Clamd.Sample}\r\n");
        SmtpReply packed = await run.SendAsync(Mail.NewAddress(), encoded);
        SmtpReply tooLarge = await run.SendAsync(Mail.NewAddress(), large);
        SinkMessage clean = await run.PassAsync(Head + "\r\nhello\r\n");
        await clamd.StopAsync();
        SmtpReply away = await run.SendAsync(Mail.NewAddress(), Head + "\r\nhello\r\n");

        Assert.Equal((550, 550, 451, 451), (found.Code, packed.Code, tooLarge.Code, away.Code));
        Assert.Equal(["clean"], clean.HeaderValues("X-Virus-Scanned"));
        Assert.Empty(run.Log.Complaints);
    }

    [SkippableFact]
    public async Task VirusScan_tells_why_Debians_clamd_has_not_scanned()
    {
        await using Clamd clamd = await Clamd.StartAsync();
        var client = new ClamdClient(Asking(clamd), TimeProvider.System);
        var hasty = new ClamdClient(new VirusScanOptions { Socket = clamd.Socket, Timeout = TimeSpan.FromMilliseconds(200) }, TimeProvider.System);

        ScanResult found = await client.ScanAsync(Message(Clamd.Sample), default);
        ScanResult clean = await client.ScanAsync(Message("hello"), default);
        ScanResult tooLarge = await client.ScanAsync(Message(new string('x', 8 * Clamd.StreamMaxLength)), default);
        await clamd.SignalAsync("STOP");
        ScanResult slow = await hasty.ScanAsync(Message("hello"), default);
        await clamd.SignalAsync("CONT");
        await clamd.StopAsync();
        ScanResult away = await client.ScanAsync(Message("hello"), default);

        Assert.Equal((new ScanResult(Clamd.Virus, null), new ScanResult(null, null)), (found, clean));
        Assert.Equal("clamd says INSTREAM size limit exceeded. ERROR", tooLarge.Failure);
        Assert.Contains("took more than 00:00:00.2", slow.Failure, StringComparison.Ordinal);
        Assert.Contains("can't be asked", away.Failure, StringComparison.Ordinal);

        static MemoryStream Message(string text) => new(Encoding.ASCII.GetBytes($"{Head}\r\n{text}\r\n"));
    }

    private static VirusScanOptions Asking(Clamd clamd) => new() { Socket = clamd.Socket, Timeout = Deadline.Generous / 2 };

    private static byte[] Zip() => Zip("evil.exe", "MZ"u8.ToArray());

    private static byte[] Zip(string name, byte[] bytes)
    {
        var output = new MemoryStream();
        using (var zip = new ZipArchive(output, ZipArchiveMode.Create, leaveOpen: true))
        {
            ZipArchiveEntry entry = zip.CreateEntry(name);
            entry.LastWriteTime = DateTimeOffset.UnixEpoch.AddYears(30);
            using Stream content = entry.Open();
            content.Write(bytes);
        }

        return output.ToArray();
    }

    private static string Forwarded() =>
        Head + "Content-Type: multipart/mixed; boundary=i\r\n\r\n--i\r\n\r\ninner\r\n--i\r\nContent-Type: application/zip; name=a.zip\r\nContent-Transfer-Encoding: base64\r\n\r\n"
            + Convert.ToBase64String(Zip(), Base64FormattingOptions.InsertLineBreaks).ReplaceLineEndings("\r\n") + "\r\n--i--\r\n";

    private Task<FilterRun> StartAsync(MtaKind kind, AttachmentPolicyOptions options)
    {
        var rules = new AttachmentPolicyRules(Options.Create(options));
        return fixture.RunAsync(kind, () => new AttachmentGuard(rules, new KeptParts(rules, TimeProvider.System), NullLogger<AttachmentGuard>.Instance));
    }

    private Task<FilterRun> StartAsync(MtaKind kind, BannerOptions options) => fixture.RunAsync(kind, () => new Banners(Options.Create(options)));
}
