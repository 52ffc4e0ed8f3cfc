using System.Text;
using Milter.Mta.Filters;

namespace Milter.Mta.Tests;

/// <summary>Protects the promise of the editors: envelope, body and queue come out the same on both servers.</summary>
[Collection(CaseCollection.Name)]
public sealed class EditorTests(CaseFixture fixture)
{
    private const string From = "<sender@example.org>";

    public static TheoryData<MtaKind> Servers => CaseFixture.Servers;

    public static TheoryData<MtaKind, string, string> Subjects
    {
        get
        {
            (string, string)[] subjects =
            [
                ("", "[LOCAL] "),
                ("Subject: hello\r\n", "[LOCAL] hello"),
                ("Subject: one\r\n two\r\n\tthree\r\n", "[LOCAL] one\n two\n\tthree"),
                ("Subject: =?utf-8?Q?Gr=C3=BC=C3=9Fe?=\r\n", "[LOCAL] =?utf-8?Q?Gr=C3=BC=C3=9Fe?="),
                ("Subject: d\xE9j\xE0 vu\r\n", "[LOCAL] d\xE9j\xE0 vu"),
                ("Subject: 100% =?\r\n", "[LOCAL] 100% =?"),
            ];
            var data = new TheoryData<MtaKind, string, string>();
            foreach ((string subject, string expected) in subjects)
            {
                data.Add(MtaKind.Postfix, subject, expected);
                data.Add(MtaKind.Sendmail, subject, expected);
            }

            return data;
        }
    }

    [SkippableTheory, MemberData(nameof(Servers))]
    public async Task Recipients_are_added_and_removed(MtaKind kind)
    {
        string stays = Mail.NewAddress("Stays", "Example.COM"), goes = Mail.NewAddress("Goes", "Example.COM"), added = Mail.NewAddress("added");
        var journal = new Journal();
        await using FilterRun run = await fixture.RunAsync(kind, () => EditFilter.Of(edits =>
        {
            // The domain is compared without case; removed is the spelling of RCPT, as servers want it.
            journal.Add($"{edits.Envelope.RemoveRecipient(goes.Replace("Example.COM", "example.com", StringComparison.Ordinal))}");
            journal.Add($"{edits.Envelope.RemoveRecipient(goes.ToLowerInvariant())}");
            edits.Envelope.AddRecipient(added);
            edits.Envelope.AddRecipient($"<{added}>");
            edits.Envelope.AddRecipient(goes + ".example.com");
            edits.Envelope.RemoveRecipient(goes + ".example.com");
        }));
        await using SmtpClientSession session = await run.OpenAsync();

        SmtpReply reply = await session.SendAsync(From, [$"<{stays}>", $"<{goes}>"], Mail.Message());

        Assert.Equal(250, reply.Code);
        SinkMessage message = await run.DeliveredAsync(added);
        Assert.Equal(["True", "False"], journal.Entries);
        Assert.Equal([added, stays.ToLowerInvariant()], message.Recipients.Select(r => r.Address.ToLowerInvariant()).Order(StringComparer.Ordinal));
    }

    // A sender chooses the spelling; a filter that redirects or holds back must not be evaded by it.
    [SkippableTheory, MemberData(nameof(Servers))]
    public async Task A_recipient_is_removed_however_the_client_spells_it(MtaKind kind)
    {
        string stays = Mail.NewAddress("stays"), goes = Mail.NewAddress("goes");
        string local = goes[..goes.IndexOf('@', StringComparison.Ordinal)], domain = goes[(local.Length + 1)..];
        string[] spellings =
        [
            $"<@relay.example:{goes}>", $"<@relay.example,@other.example:\"{local}\"@{domain}>", $"<\"{local}\"@{domain}>", $"<{goes}.>", $"<{local}(x)@{domain}>", $"<{goes.ToUpperInvariant()}>", $"<{goes}>",
        ];
        var journal = new Journal();
        await using FilterRun run = await fixture.RunAsync(kind, () => EditFilter.Of(edits => journal.Add($"{edits.Envelope.RemoveRecipient(goes)}")));
        await using SmtpClientSession session = await run.OpenAsync();
        foreach (string spelling in spellings)
        {
            string subject = Guid.NewGuid().ToString("N");
            Assert.Equal(250, (await session.SendAsync(From, [spelling, $"<{stays}>"], Mail.Message($"Subject: {subject}\r\n"))).Code);
            SinkMessage message = await run.Server.WaitForDeliveryAsync(delivered => delivered.Text.Contains(subject, StringComparison.Ordinal));
            Assert.True(message.Recipients.Count == 1 && message.IsFor(stays), $"{spelling}: {string.Join(' ', message.Recipients.Select(r => r.Address))}");
        }

        Assert.Equal(Enumerable.Repeat("True", spellings.Length), journal.Entries);
    }

    [SkippableTheory, MemberData(nameof(Servers))]
    public async Task Recipients_and_sender_have_arguments(MtaKind kind)
    {
        string added = Mail.NewAddress("added");
        await using FilterRun run = await fixture.RunAsync(kind, () => EditFilter.Of(edits =>
        {
            Assert.True(edits.Envelope.CanAddArguments && edits.Envelope.CanChangeSender);
            edits.Envelope.AddRecipient(added, "NOTIFY=NEVER");
            edits.Envelope.ChangeSender("other@example.net");
            edits.Envelope.ChangeSender("new@example.net", "RET=HDRS ENVID=e1");
        }));

        SinkMessage message = await run.PassAsync(Mail.Message(), deliveredTo: added);

        Assert.Equal("new@example.net", message.From.Address);
        Assert.Contains("RET=HDRS", message.From.Arguments);
        Assert.Contains("ENVID=e1", message.From.Arguments);
        Assert.Contains("NOTIFY=NEVER", message.Recipients.Single(r => r.Address == added).Arguments);
    }

    [SkippableTheory, MemberData(nameof(Servers))]
    public async Task The_body_is_replaced_from_a_stream(MtaKind kind)
    {
        byte[] body = Encoding.ASCII.GetBytes(string.Concat(Enumerable.Range(0, 20_000).Select(i => $".{i:D10}\r\n")));
        await using FilterRun run = await fixture.RunAsync(kind, () => new EditFilter(async edits =>
        {
            using var stream = new MemoryStream(body);
            edits.Headers.Append("X-Before", "it");
            await edits.Body.ReplaceAsync(stream);
            edits.Headers.Append("X-After", "it");
            return Verdict.Accept;
        }));

        SinkMessage message = await run.PassAsync(Mail.Message());

        Assert.True(message.Body == Encoding.ASCII.GetString(body));
        Assert.Equal(["Received", "X-Before: it", "X-After: it"], message.Fields());
        Assert.Empty(run.Log.Complaints);
    }

    [SkippableTheory, MemberData(nameof(Servers))]
    public async Task The_body_is_replaced_by_text_and_emptied(MtaKind kind)
    {
        bool clears = false;
        await using FilterRun run = await fixture.RunAsync(kind, () => EditFilter.Of(edits =>
        {
            if (clears)
            {
                edits.Body.Clear();
                return;
            }

            edits.Body.Replace("one\ntwo\r\n");
            edits.Body.Append("no line end");
        }));

        SinkMessage text = await run.PassAsync(Mail.Message());
        clears = true;
        SinkMessage empty = await run.PassAsync(Mail.Message());

        Assert.Equal("one\r\ntwo\r\nno line end\r\n", text.Body);
        Assert.Equal("", empty.Body);
    }

    // Rule: quarantine only with Continue or Accept.
    [SkippableTheory, MemberData(nameof(Servers))]
    public async Task A_message_is_held_unless_it_is_refused(MtaKind kind)
    {
        Verdict verdict = Verdict.Reject(550, "5.7.1", "no");
        await using FilterRun run = await fixture.RunAsync(kind, () => new EditFilter(edits =>
        {
            edits.Quarantine.Hold("look at it");
            edits.Headers.Append("X-N", "v");
            return Task.FromResult(verdict);
        }));
        string refused = Mail.NewAddress(), held = Mail.NewAddress();

        SmtpReply no = await run.SendAsync(refused, Mail.Message());
        verdict = Verdict.Accept;
        SmtpReply yes = await run.SendAsync(held, Mail.Message());

        Assert.Equal([550, 250], [no.Code, yes.Code]);
        HeldMessage message = await run.Server.WaitForHeldAsync(m => m.Recipients.Contains(held));
        Assert.Equal(["v"], message.HeaderValues("X-N"));
        Assert.DoesNotContain(await run.Server.HeldMessagesAsync(), m => m.Recipients.Contains(refused));
        Assert.DoesNotContain(run.Server.Sink.Messages, m => m.IsFor(held) || m.IsFor(refused));
        Assert.Single(run.Log.Complaints);
    }

    // All at once, in the one order that both understand.
    [SkippableTheory, MemberData(nameof(Servers))]
    public async Task Everything_is_edited_at_once(MtaKind kind)
    {
        string added = Mail.NewAddress("added");
        await using FilterRun run = await fixture.RunAsync(kind, () => EditFilter.Of(edits =>
        {
            edits.Envelope.ChangeSender("<>");
            edits.Body.Replace("new\n");
            edits.Headers.Prepend("X-P", "1");
            edits.Headers.Set("Subject", "new");
            edits.Envelope.AddRecipient(added);
            edits.Headers.Remove("X-A", 1);
            edits.Headers.Append("X-N", "last");
        }));

        SinkMessage message = await run.PassAsync(Mail.Message("X-A: one\r\nX-A: two\r\nSubject: old\r\n"), deliveredTo: added);

        Assert.Equal(["X-P: 1", "Received", "X-A: two", "Subject: new", "X-N: last"], message.Fields());
        Assert.Equal("new\r\n", message.Body);
        Assert.Equal("", message.From.Address);
        Assert.Equal(2, message.Recipients.Count);
        Assert.Empty(run.Log.Complaints);
    }

    // What was read is written back as it was: encoded words, folds, and bytes of no known charset.
    [SkippableTheory, MemberData(nameof(Subjects))]
    public async Task A_subject_gets_a_word_before_it(MtaKind kind, string subject, string expected)
    {
        await using FilterRun run = await fixture.RunAsync(kind, () => new TagFilter());

        SinkMessage message = await run.PassAsync(Mail.Message($"{subject}X-B: b\r\n"));

        Assert.Equal(expected, message.HeaderValues("Subject").Single());
        Assert.Empty(run.Log.Complaints);
    }
}
