using System.Net.Sockets;
using System.Text;
using global::Samples.AttachmentPolicy;
using global::Samples.Banner;
using global::Samples.VirusScan;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Milter.Client;
using Milter.Testing;

namespace Milter.Mime.Tests;

/// <summary>What the pages of the samples promise.</summary>
public sealed class SampleTests
{
    private const string WithProgram = "From: a@x.test\nTo: b@y.test\nContent-Type: multipart/mixed; boundary=o\n\n--o\n\nhi\n--o\nContent-Type: application/x; name=evil.exe\n\nMZ\n--o--\n";

    private static MilterTestHost<AttachmentGuard> Guard(AttachmentPolicyOptions options, params MtaPersonality[] mtas)
    {
        var rules = new AttachmentPolicyRules(Options.Create(options));
        return new MilterTestHost<AttachmentGuard>(
            () => new AttachmentGuard(rules, new KeptParts(rules, TimeProvider.System), NullLogger<AttachmentGuard>.Instance),
            new MilterTestOptions { Personalities = mtas.Length > 0 ? mtas : MtaPersonality.Both });
    }

    [Fact]
    public async Task AttachmentPolicy_replaces_keeps_and_says_so()
    {
        string folder = Directory.CreateTempSubdirectory().FullName;
        try
        {
            await using MilterTestHost<AttachmentGuard> host = Guard(new AttachmentPolicyOptions { Extensions = ["exe"], Keep = folder });

            MilterTestResult result = await host.SendAsync(TestMessage.Parse(WithProgram).QueueId("4F2B1C"));

            Assert.Equal(["removed evil.exe"], result.Headers("X-Attachment-Policy"));
            Assert.Contains("The attachment evil.exe was removed by the mail system.\n", result.Body, StringComparison.Ordinal);
            string file = Path.Combine(folder, "4F2B1C-1.2");
            Assert.Equal("MZ", await File.ReadAllTextAsync(file));
            Assert.True(OperatingSystem.IsWindows() || File.GetUnixFileMode(file) == (UnixFileMode.UserRead | UnixFileMode.UserWrite));
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    [Fact]
    public async Task What_AttachmentPolicy_keeps_is_bounded()
    {
        string folder = Directory.CreateTempSubdirectory().FullName;
        try
        {
            await using MilterTestHost<AttachmentGuard> host = Guard(new AttachmentPolicyOptions { Extensions = ["exe"], Keep = folder, KeepBytes = 3 });

            await host.SendAsync(TestMessage.Parse(WithProgram).QueueId("A1"));
            await host.SendAsync(TestMessage.Parse(WithProgram).QueueId("A2"));

            Assert.Equal("A2-1.2", Path.GetFileName(Assert.Single(Directory.GetFiles(folder))));
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    [Fact]
    public async Task What_AttachmentPolicy_keeps_is_what_was_removed_and_takes_nothing_of_others_away()
    {
        const string Text = "see\nbegin 644 evil.exe\n%:&5L;&\\\n`\nend\nbye\n";
        string folder = Directory.CreateTempSubdirectory().FullName;
        try
        {
            await File.WriteAllTextAsync(Path.Combine(folder, "README-of-ours"), "stays");
            await File.WriteAllTextAsync(Path.Combine(folder, "OLD-1.2"), "goes");
            File.SetLastWriteTimeUtc(Path.Combine(folder, "OLD-1.2"), DateTime.UtcNow.AddDays(-31));
            await using MilterTestHost<AttachmentGuard> host = Guard(new AttachmentPolicyOptions { Extensions = ["exe"], Keep = folder, KeepBytes = 1000 }, MtaPersonality.Postfix);

            await host.SendAsync(TestMessage.Parse("From: a@x.test\nTo: b@y.test\n\n" + Text).QueueId("A1"));
            await host.SendAsync(TestMessage.Parse(WithProgram).QueueId("A2"));
            await host.SendAsync(TestMessage.Parse(WithProgram.Replace("MZ", "other", StringComparison.Ordinal)).QueueId("A2"));

            Assert.Equal(["A1-1", "A2-1.2", "A2-1.2-2", "README-of-ours"], Directory.GetFiles(folder).Select(file => Path.GetFileName(file)).Order(StringComparer.Ordinal));
            Assert.Equal(Text, (await File.ReadAllTextAsync(Path.Combine(folder, "A1-1"))).ReplaceLineEndings("\n"));
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    [Fact]
    public async Task Where_AttachmentPolicy_can_not_keep_a_part_the_message_is_put_off()
    {
        string folder = Directory.CreateTempSubdirectory().FullName;
        try
        {
            await using MilterTestHost<AttachmentGuard> host = Guard(new AttachmentPolicyOptions { Extensions = ["exe"], Keep = Path.Combine(folder, "away") }, MtaPersonality.Postfix);

            MilterTestResult result = await host.SendAsync(TestMessage.Parse(WithProgram));

            Assert.Equal(451, result.Outcome.SmtpReply.Code);
            Assert.Empty(result.Modifications);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    [Fact]
    public async Task AttachmentPolicy_refuses_holds_or_only_looks()
    {
        await using MilterTestHost<AttachmentGuard> refuses = Guard(new AttachmentPolicyOptions { MediaTypes = ["application/x"], OnMatch = PolicyAnswer.Refuse });
        await using MilterTestHost<AttachmentGuard> holds = Guard(new AttachmentPolicyOptions { Digests = [Convert.ToHexString(System.Security.Cryptography.SHA256.HashData("MZ"u8))], OnMatch = PolicyAnswer.Hold });
        await using MilterTestHost<AttachmentGuard> looks = Guard(new AttachmentPolicyOptions { Extensions = ["exe"], DryRun = true });
        await using MilterTestHost<AttachmentGuard> doubts = Guard(new AttachmentPolicyOptions { OnAmbiguous = PolicyAnswer.Refuse });

        (await refuses.SendAsync(TestMessage.Parse(WithProgram))).AssertRejected(550);
        Assert.Equal("attachment: evil.exe", (await holds.SendAsync(TestMessage.Parse(WithProgram))).Outcome.QuarantineReason);
        Assert.Empty((await looks.SendAsync(TestMessage.Parse(WithProgram))).Modifications);
        (await doubts.SendAsync(TestMessage.Parse(WithProgram.Replace("--o--", "", StringComparison.Ordinal)))).AssertRejected(550);
    }

    [Fact]
    public void AttachmentPolicy_says_what_is_wrong_with_its_settings()
    {
        ValidateOptionsResult result = new AttachmentPolicyValidator().Validate(null, new AttachmentPolicyOptions { Digests = ["abc"], OnAmbiguous = PolicyAnswer.Replace, Keep = "/nowhere/at/all" });

        Assert.Equal(3, result.Failures!.Count());
    }

    [Fact]
    public async Task Banner_is_put_before_mail_from_outside_and_the_disclaimer_behind_that_from_inside()
    {
        await using var outside = new MilterTestHost<Banners>(() => new Banners(Options.Create(new BannerOptions { ExternalText = "[outside]", DisclaimerText = "Ltd" })));
        await using var inside = new MilterTestHost<Banners>(() => new Banners(Options.Create(new BannerOptions { ExternalText = "[outside]", DisclaimerText = "Ltd", Networks = ["0.0.0.0/0", "::/0"] })));
        await using var exempt = new MilterTestHost<Banners>(() => new Banners(Options.Create(new BannerOptions { ExternalText = "[outside]", ExemptSenders = ["x.test"] })));
        TestMessage message = TestMessage.Parse("From: a@x.test\nTo: b@y.test\n\nhi\n").Sender("<a@x.test>");

        Assert.Equal("[outside]\nhi\n", (await outside.SendAsync(message)).Body);
        Assert.Equal("hi\nLtd\n", (await inside.SendAsync(message)).Body);
        Assert.Empty((await exempt.SendAsync(message)).Modifications);
    }

    [Theory]
    [InlineData("stream: OK\0", "clean", 250)]
    [InlineData("stream: Eicar-Test-Signature FOUND\0", null, 550)]
    [InlineData("INSTREAM size limit exceeded. ERROR\0", null, 451)]
    [InlineData("", null, 451)]
    public async Task VirusScan_does_what_clamd_says(string answer, string? field, int code)
    {
        string folder = Directory.CreateTempSubdirectory().FullName;
        try
        {
            string path = Path.Combine(folder, "clamd");
            using var listener = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
            listener.Bind(new UnixDomainSocketEndPoint(path));
            listener.Listen();
            Task<byte[]> heard = HearAsync(listener, answer);
            await using MilterTestHost<Scanner> host = Scans(new VirusScanOptions { Socket = path });

            MilterTestResult result = await host.SendAsync(TestMessage.Parse("From: a@x.test\nTo: b@y.test\n\nhi\n"));

            Assert.Equal(code, result.Outcome.SmtpReply.Code);
            Assert.Equal(field is null ? [] : [field], result.Headers("X-Virus-Scanned"));
            Assert.Equal("From: a@x.test\r\nTo: b@y.test\r\n\r\nhi\r\n", Encoding.ASCII.GetString(await heard));
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    [Fact]
    public async Task VirusScan_puts_off_or_passes_where_clamd_is_away()
    {
        await using MilterTestHost<Scanner> puts = Scans(new VirusScanOptions { Socket = "/nowhere/clamd" });
        await using MilterTestHost<Scanner> passes = Scans(new VirusScanOptions { Socket = "/nowhere/clamd", OnUnscanned = UnscannedAnswer.Pass });
        TestMessage message = TestMessage.Parse("From: a@x.test\nTo: b@y.test\n\nhi\n");

        Assert.Equal(451, (await puts.SendAsync(message)).Outcome.SmtpReply.Code);
        Assert.Equal(["no"], (await passes.SendAsync(message)).Headers("X-Virus-Scanned"));
    }

    private static MilterTestHost<Scanner> Scans(VirusScanOptions options) => new(() => new Scanner(Options.Create(options), TimeProvider.System, NullLogger<Scanner>.Instance));

    // The message that came in chunks, without command and lengths. Each MTA that the host plays asks once.
    private static async Task<byte[]> HearAsync(Socket listener, string answer)
    {
        byte[] message = [];
        for (int asked = 0; asked < MtaPersonality.Both.Count; asked++)
        {
            using Socket peer = await listener.AcceptAsync();
            await using var stream = new NetworkStream(peer);
            byte[] head = new byte["zINSTREAM\0".Length];
            await stream.ReadExactlyAsync(head);
            var content = new MemoryStream();
            byte[] length = new byte[4];
            for (;;)
            {
                await stream.ReadExactlyAsync(length);
                int count = System.Buffers.Binary.BinaryPrimitives.ReadInt32BigEndian(length);
                if (count == 0)
                {
                    break;
                }

                byte[] chunk = new byte[count];
                await stream.ReadExactlyAsync(chunk);
                content.Write(chunk);
            }

            message = content.ToArray();
            await stream.WriteAsync(Encoding.ASCII.GetBytes(answer));
        }

        return message;
    }
}
