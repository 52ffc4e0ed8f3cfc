using System.Text;
using Milter.Client;
using Milter.Mime;
using Milter.Mime.Tests;
using Milter.Mta.Filters;
using Milter.Tests;

namespace Milter.Mta.Tests;

/// <summary>Protects that every byte outside of an edit arrives as it came, behind both servers.</summary>
[Collection(CaseCollection.Name)]
public sealed class MimeTests(CaseFixture fixture)
{
    private const string OpenSsl = "/usr/bin/openssl";

    // Defects that the servers themselves carry unchanged.
    private static readonly string[] s_defects =
    [
        "mixed/no-end", "mixed/padded-boundaries", "mixed/double-quotes", "mixed/doubled-boundary", "nested/same-boundaries", "names/no-boundary", "mixed/split-names", "mixed/broken-base64", "forwarded/junk-after-end",
    ];

    public static TheoryData<MtaKind> Servers => CaseFixture.Servers;

    [SkippableTheory, MemberData(nameof(Servers))]
    public async Task Mail_that_is_only_looked_at_arrives_as_without_a_filter(MtaKind kind)
    {
        (string Name, string Text)[] messages = Messages();
        Assert.Equal(30, messages.Length);
        string[] control = await DeliverAsync(kind, messages);

        var edits = new Journal();
        await using FilterRun run = await fixture.RunAsync(kind, () => new LookFilter(parts => edits.Add(parts.IsEdited.ToString())));
        for (int i = 0; i < messages.Length; i++)
        {
            Assert.Equal(control[i], Sent(await PassAsync(run, messages[i].Text)));
        }

        Assert.Equal(messages.Length, edits.Entries.Count);
        AssertNoError(run);
    }

    [SkippableTheory, MemberData(nameof(Servers))]
    public async Task After_an_edit_only_the_lines_of_that_part_differ(MtaKind kind)
    {
        (string Name, string Text)[] messages = Messages();
        string[] control = await DeliverAsync(kind, messages);

        // Places in the body: servers write some header fields in their own way, and in their own order.
        (int Begin, int End)? edited = null;
        await using FilterRun run = await fixture.RunAsync(kind, () => new LookFilter(parts =>
        {
            MailPart? part = parts.FirstOrDefault(part => part is { Origin: PartOrigin.Mime, Parent.IsMultipart: true } && part.ReplaceWithNotice("gone\r\n") == EditOutcome.Done);
            edited = part is null ? null : ((int)(part.Begin - parts.Root.ContentBegin), (int)(part.End - parts.Root.ContentBegin));
        }));
        int count = 0;
        for (int i = 0; i < messages.Length; i++)
        {
            (string header, string body) = Halves(control[i]);
            (string headerNow, string bodyNow) = Halves(Sent(await PassAsync(run, messages[i].Text)));
            Assert.Equal(header, headerNow);
            if (body != Halves(messages[i].Text).Body)
            {
                // Sendmail writes some multiparts anew, blanks behind boundaries and all, with a filter and without.
                Assert.Equal(MtaKind.Sendmail, kind);
                continue;
            }

            if (edited is not var (begin, end))
            {
                Assert.Equal(body, bodyNow);
                continue;
            }

            count++;
            Assert.StartsWith(body[..begin], bodyNow, StringComparison.Ordinal);
            Assert.EndsWith(body[end..], bodyNow, StringComparison.Ordinal);
            Assert.Equal("gone", bodyNow[begin..^(body.Length - end)].TrimEnd().Split('\n')[^1]);
        }

        Assert.True(count >= (kind == MtaKind.Postfix ? 15 : 10), $"{count} edits");
        AssertNoError(run);
    }

    [SkippableTheory, MemberData(nameof(Servers))]
    public async Task A_signature_that_covers_each_byte_verifies_by_OpenDKIM_behind_a_filter_that_changes_nothing(MtaKind kind)
    {
        await using var peer = new OpenDkim();
        await using NameServer dns = await NameServer.StartAsync(peer.ZoneLine);
        string[] control = await DeliverAsync(kind, Messages());
        await using FilterRun run = await fixture.RunAsync(kind, () => new LookFilter(_ => { }));
        int count = 0;
        foreach (((_, string text), string arrived) in Messages().Zip(control))
        {
            if (Halves(arrived).Body != Halves(text).Body)
            {
                Assert.Equal(MtaKind.Sendmail, kind);
                continue;
            }

            MailContent content = MailContent.Parse(Mail.Bytes(text));
            content.Headers.Insert(0, new MailHeader("Sender", "joe@example.org"));
            if (await peer.SignAsync(content, "simple/simple") is { } signed)
            {
                count++;
                SinkMessage delivered = await run.PassAsync(Encoding.Latin1.GetString(signed), from: "<joe@example.org> BODY=8BITMIME");
                await peer.AssertVerifiesAsync(delivered.Data, dns);
            }
        }

        Assert.True(count >= (kind == MtaKind.Postfix ? 25 : 15), $"{count} messages are signed");
    }

    [SkippableTheory, MemberData(nameof(Servers))]
    public async Task A_multipart_signed_verifies_by_openssl_behind_a_filter_that_changes_nothing(MtaKind kind)
    {
        ToolRequirement.Demand(OpenSsl, "openssl");
        using WorkFolder folder = WorkFolder.Create("smime");
        using var authority = new TestAuthority();
        authority.Write(folder.Path, "joe", "joe.example.org");
        await File.WriteAllTextAsync(folder["content"], "Content-Type: multipart/mixed; boundary=in\r\n\r\n--in\r\nContent-Type: text/plain\r\n\r\nHello \r\n--in\r\nContent-Type: text/plain; name=\"a b.txt\"\r\n\r\n.dot\r\n--in--\r\n");
        (await Command.RunAsync(OpenSsl, ["cms", "-sign", "-binary", "-crlfeol", "-in", folder["content"], "-signer", folder["joe.pem"], "-inkey", folder["joe.key"], "-out", folder["signed"]])).Succeeded();
        string signed = (await File.ReadAllTextAsync(folder["signed"])).ReplaceLineEndings("\r\n");
        await using FilterRun run = await fixture.RunAsync(kind, () => new LookFilter(parts => Assert.Equal(EditOutcome.Signed, parts.Find("1.1")!.ReplaceWithNotice("gone"))));

        SinkMessage delivered = await run.PassAsync("From: joe@example.org\r\nDate: Thu, 1 Jan 2026 00:00:00 +0000\r\nMessage-ID: <1@example.org>\r\n" + signed);

        await File.WriteAllBytesAsync(folder["delivered"], delivered.Data);
        CommandResult told = (await Command.RunAsync(OpenSsl, ["cms", "-verify", "-noverify", "-in", folder["delivered"], "-out", folder["content-2"]])).Succeeded();
        Assert.Contains("successful", told.Error, StringComparison.OrdinalIgnoreCase);
        AssertNoError(run);
    }

    // As mail servers take it: with a date, an id and a recipient, so that none has to be added.
    private static (string Name, string Text)[] Messages() =>
    [
        .. from message in Corpus.All()
           where message.Name.EndsWith("/lawful", StringComparison.Ordinal) || s_defects.Contains(message.Name)
           let text = Encoding.Latin1.GetString(message.Message)
           let id = text.Contains("Message-ID:", StringComparison.Ordinal) ? "" : "Message-ID: <1@example.org>\r\n"
           let to = text.Contains("To:", StringComparison.Ordinal) ? "" : "To: bob@y.test\r\n"
           select (message.Name, $"Date: Thu, 1 Jan 2026 00:00:00 +0000\r\n{id}{to}{text}"),
    ];

    // On a busy machine the engine says that these filters compute for long.
    private static void AssertNoError(FilterRun run) => Assert.DoesNotContain(run.Log.Lines, line => line.StartsWith("Error", StringComparison.Ordinal));

    private static (string Header, string Body) Halves(string message)
    {
        int body = message.IndexOf("\r\n\r\n", StringComparison.Ordinal) + 4;
        return (message[..body], message[body..]);
    }

    private async Task<string[]> DeliverAsync(MtaKind kind, (string Name, string Text)[] messages)
    {
        await using FilterRun run = await fixture.RunAsync(kind, () => new WaivedFilter(_ => Task.CompletedTask, new Journal()));
        var arrived = new List<string>();
        foreach ((_, string text) in messages)
        {
            arrived.Add(Sent(await PassAsync(run, text)));
        }

        return [.. arrived];
    }

    private static Task<SinkMessage> PassAsync(FilterRun run, string text) => run.PassAsync(text, from: "<ann@x.test> BODY=8BITMIME");

    // Without what this server has put on top of it.
    private static string Sent(SinkMessage message) => message.Text[message.Text.IndexOf("Date: Thu, 1 Jan 2026", StringComparison.Ordinal)..];
}
