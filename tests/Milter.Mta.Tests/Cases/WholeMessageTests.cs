using Milter.Mta.Filters;

namespace Milter.Mta.Tests;

/// <summary>Protects what binders of packages stand on: the message to the byte, while handlers see it as ever, and bodies made of pieces of the one that came.</summary>
[Collection(CaseCollection.Name)]
public sealed class WholeMessageTests(CaseFixture fixture)
{
    private const string Fields = "X-Space:  two\r\nX-Tight:none\r\nX-Tab:\ttab\r\nX-Fold: one\r\n two\r\n\tthree\r\n";

    public static TheoryData<MtaKind> Servers => CaseFixture.Servers;

    [SkippableTheory, MemberData(nameof(Servers))]
    public async Task A_message_is_read_as_the_sender_wrote_it_and_its_fields_as_ever(MtaKind kind)
    {
        var journal = new Journal();
        await using FilterRun run = await fixture.RunAsync(kind, () => new WholeMessageFilter(journal, (_, _) => { }));
        string sent = Mail.Message(Fields, "one\r\n.two\r\n\r\nthree\r\n");

        SinkMessage message = await run.PassAsync(sent);

        Assert.Equal("[ two]", journal.Entries[0]);
        Assert.StartsWith("[ two] 127.0.0.1 ", journal.Entries[1], StringComparison.Ordinal);
        Assert.EndsWith(" True", journal.Entries[1], StringComparison.Ordinal);
        Assert.Equal(sent, journal.Entries[2]);
        Assert.Equal(sent, journal.Entries[3]);
        Assert.EndsWith(sent, message.Text, StringComparison.Ordinal);
        Assert.Empty(run.Log.Complaints);
    }

    [SkippableTheory, MemberData(nameof(Servers))]
    public async Task What_a_plan_foresees_is_what_is_delivered(MtaKind kind)
    {
        var journal = new Journal();
        await using FilterRun run = await fixture.RunAsync(kind, () => new WholeMessageFilter(journal, (message, editor) =>
        {
            editor.Append("X-New", "tail of it");
            editor.Change("X-Tab", 1, " spaced");
            editor.Remove("X-Tight", 1);
        }));

        SinkMessage message = await run.PassAsync(Mail.Message(Fields, "one\r\n"));

        Assert.Contains("\r\nX-Tab:  spaced\r\n", journal.Entries[3], StringComparison.Ordinal);
        Assert.Contains("\r\nX-New: tail of it\r\n\r\none\r\n", journal.Entries[3], StringComparison.Ordinal);
        Assert.EndsWith(journal.Entries[3], message.Text, StringComparison.Ordinal);
        Assert.Empty(run.Log.Complaints);
    }

    // In memory, and in a file.
    [SkippableTheory]
    [InlineData(MtaKind.Postfix, 1)]
    [InlineData(MtaKind.Sendmail, 1)]
    [InlineData(MtaKind.Postfix, 40_000)]
    [InlineData(MtaKind.Sendmail, 40_000)]
    public async Task A_footer_goes_below_the_body_that_came_and_nothing_else_changes(MtaKind kind, int lines)
    {
        var journal = new Journal();
        await using FilterRun run = await fixture.RunAsync(kind, () => new WholeMessageFilter(journal, (message, _) => message.Footer = "-- \nfooter\n"));
        string sent = Mail.Message(Fields, string.Concat(Enumerable.Range(0, lines).Select(i => $".line {i}\r\n")));

        SinkMessage message = await run.PassAsync(sent);

        Assert.True(message.Text.EndsWith(sent + "-- \r\nfooter\r\n", StringComparison.Ordinal), message.Text[^Math.Min(message.Text.Length, 400)..]);
        Assert.Empty(run.Log.Complaints);
    }
}
