using Milter.Mta.Filters;

namespace Milter.Mta.Tests;

/// <summary>Protects the promise of the editors: the header comes out the same on both servers, and is what the calls say.</summary>
/// <remarks>Rule: edits are a plan, sent in an order that means the same to both.</remarks>
[Collection(CaseCollection.Name)]
public sealed class HeaderEditorTests(CaseFixture fixture)
{
    private const string Fields = "X-A: one\r\nX-A: two\r\nX-A: three\r\nSubject: old\r\n";

    private static readonly Dictionary<string, (Action<HeaderEditor> Edit, string[] Expected)> s_cases = new()
    {
        ["nothing"] = (_ => { }, ["Received", "X-A: one", "X-A: two", "X-A: three", "Subject: old"]),
        ["prepends stand on top, the last highest"] = (
            headers =>
            {
                headers.Prepend("X-P", "1");
                headers.Prepend("X-P", "2");
                headers.Prepend("X-P", "3");
            },
            ["X-P: 3", "X-P: 2", "X-P: 1", "Received", "X-A: one", "X-A: two", "X-A: three", "Subject: old"]),
        ["appends stand at the end, also of a name that is there"] = (
            headers =>
            {
                headers.Append("X-A", "four");
                headers.Append("X-N", "5");
                headers.Append("X-A", "six");
            },
            ["Received", "X-A: one", "X-A: two", "X-A: three", "Subject: old", "X-A: four", "X-N: 5", "X-A: six"]),
        ["set changes the one that is there"] = (
            headers => headers.Set("subject", "new"),
            ["Received", "X-A: one", "X-A: two", "X-A: three", "Subject: new"]),
        ["set leaves one of several"] = (
            headers => headers.Set("X-A", "only"),
            ["Received", "X-A: only", "Subject: old"]),
        ["set appends what is not there"] = (
            headers => headers.Set("X-N", "new"),
            ["Received", "X-A: one", "X-A: two", "X-A: three", "Subject: old", "X-N: new"]),
        ["remove all"] = (
            headers => Assert.Equal(3, headers.RemoveAll("x-a")),
            ["Received", "Subject: old"]),
        ["remove the first, change the second, keep the third"] = (
            headers =>
            {
                Assert.True(headers.Remove("X-A", 1));
                Assert.True(headers.Change("X-A", 2, "changed"));
                Assert.False(headers.Change("X-A", 4, "nobody"));
            },
            ["Received", "X-A: changed", "X-A: three", "Subject: old"]),
        ["remove from the first to the last"] = (
            headers =>
            {
                Assert.True(headers.Remove("X-A", 1));
                Assert.True(headers.Remove("X-A", 2));
                Assert.False(headers.Remove("X-A", 2));
            },
            ["Received", "X-A: three", "Subject: old"]),
        ["remove and add again"] = (
            headers =>
            {
                headers.RemoveAll("X-A");
                headers.Append("X-A", "again");
                headers.Prepend("X-A", "on top");
            },
            ["X-A: on top", "Received", "Subject: old", "X-A: again"]),
        ["text beyond ASCII is encoded"] = (
            headers => headers.Set("Subject", "Grüße, 世界"),
            ["Received", "X-A: one", "X-A: two", "X-A: three", "Subject: =?utf-8?Q?Gr=C3=BC=C3=9Fe=2C_=E4=B8=96=E7=95=8C?="]),
        ["long text is folded"] = (
            headers => headers.Set("Subject", string.Join(' ', Enumerable.Repeat("word", 20))),
            ["Received", "X-A: one", "X-A: two", "X-A: three", "Subject: word word word word word word word word word word word word word word\n word word word word word word"]),
        ["bytes are written as they are"] = (
            headers => headers.Append("X-N"u8, "a\n b\n\tc"u8),
            ["Received", "X-A: one", "X-A: two", "X-A: three", "Subject: old", "X-N: a\n b\n\tc"]),
        ["values with a percent sign"] = (
            headers => headers.Append("X-N", "100% %s %%"),
            ["Received", "X-A: one", "X-A: two", "X-A: three", "Subject: old", "X-N: 100% %s %%"]),
    };

    public static TheoryData<MtaKind, string> Cases
    {
        get
        {
            var data = new TheoryData<MtaKind, string>();
            foreach (string name in s_cases.Keys)
            {
                data.Add(MtaKind.Postfix, name);
                data.Add(MtaKind.Sendmail, name);
            }

            return data;
        }
    }

    public static TheoryData<MtaKind> Servers => CaseFixture.Servers;

    [SkippableTheory, MemberData(nameof(Cases))]
    public async Task Header_edit(MtaKind kind, string name)
    {
        var (edit, expected) = s_cases[name];
        await using FilterRun run = await fixture.RunAsync(kind, () => EditFilter.Of(edits => edit(edits.Headers)));

        SinkMessage message = await run.PassAsync(Mail.Message(Fields));

        Assert.Equal(expected, message.Fields());
        Assert.Empty(run.Log.Complaints);
    }

    // Rule: RemoveAll with nothing seen sends nothing. Sendmail would drop the Message-Id and Date that it is about to add.
    [SkippableTheory, MemberData(nameof(Servers))]
    public async Task RemoveAll_of_what_was_not_seen_leaves_what_the_server_adds(MtaKind kind)
    {
        var removed = new Journal();
        await using FilterRun run = await fixture.RunAsync(kind, () => EditFilter.Of(edits =>
            removed.Add($"{edits.Headers.RemoveAll("Message-Id")} {edits.Headers.RemoveAll("Received")}")));

        SinkMessage message = await run.PassAsync("From: sender@example.org\r\nDate: Thu, 1 Jan 2026 00:00:00 +0000\r\n\r\nbody\r\n");

        // Postfix adds a Message-Id first and shows it; Sendmail adds it last.
        Assert.Equal([kind == MtaKind.Postfix ? "1 0" : "0 0"], removed.Entries);
        Assert.Equal(kind == MtaKind.Postfix ? 0 : 1, message.HeaderValues("Message-Id").Count);
        Assert.Single(message.HeaderValues("Received"));
    }

    [SkippableTheory, MemberData(nameof(Servers))]
    public async Task An_empty_value_leaves_a_blank_field(MtaKind kind)
    {
        await using FilterRun run = await fixture.RunAsync(kind, () => EditFilter.Of(edits =>
        {
            edits.Headers.Set("Subject", "");
            edits.Headers.Append("X-N", "");
        }));

        SinkMessage message = await run.PassAsync(Mail.Message(Fields));

        Assert.Equal("", message.HeaderValues("Subject").Single().Trim());
        Assert.Equal("", message.HeaderValues("X-N").Single().Trim());
    }

    // A filter that only adds is not shown the header, so nothing is collected for it.
    [SkippableTheory, MemberData(nameof(Servers))]
    public async Task The_adder_appends(MtaKind kind)
    {
        await using FilterRun run = await fixture.RunAsync(kind, () => new AddFilter());

        SinkMessage message = await run.PassAsync(Mail.Message(Fields));

        Assert.Equal(["Received", "X-A: one", "X-A: two", "X-A: three", "Subject: old", "X-A: four"], message.Fields());
    }

    [SkippableTheory, MemberData(nameof(Servers))]
    public async Task Nothing_of_a_plan_is_sent_when_the_handler_throws(MtaKind kind)
    {
        bool throws = true;
        await using FilterRun run = await fixture.RunAsync(
            kind,
            () => EditFilter.Of(edits =>
            {
                edits.Headers.Append("X-N", "half");
                edits.Body.Clear();
                if (throws)
                {
                    throw new InvalidOperationException("boom");
                }
            }),
            options => options.OnException = FailureVerdict.Continue);

        SinkMessage half = await run.PassAsync(Mail.Message(Fields));
        throws = false;
        SinkMessage whole = await run.PassAsync(Mail.Message(Fields));

        Assert.Empty(half.HeaderValues("X-N"));
        Assert.Equal("body\r\n", half.Body);
        Assert.Equal(["half"], whole.HeaderValues("X-N"));
        Assert.Equal("", whole.Body);
        Assert.Contains(run.Log.Complaints, line => line.Contains("boom", StringComparison.Ordinal));
    }
}
