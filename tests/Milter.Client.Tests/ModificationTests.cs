using System.Text;
using Milter.Protocol;

namespace Milter.Client.Tests;

/// <summary>Protects what becomes of a message: a filter's packets at EOM are applied as Postfix does.</summary>
public class ModificationTests
{
    private static readonly byte[] s_continue = ScriptedFilter.Say(MilterReply.Continue);

    [Fact]
    public async Task Fields_are_added_inserted_changed_and_removed()
    {
        MilterOutcome outcome = await FilterAsync(
            frames => ReplyWriter.AddHeader(frames, "C", "added"),
            frames => ReplyWriter.InsertHeader(frames, 0, "Top", "first"),
            frames => ReplyWriter.InsertHeader(frames, 999_999, "Last", "appended"),
            frames => ReplyWriter.ChangeHeader(frames, 2, "A", "three"),
            frames => ReplyWriter.ChangeHeader(frames, 0, "B", ""),
            frames => ReplyWriter.ChangeHeader(frames, 1, "received", "not the MTA's own"));

        Assert.Equal(6, outcome.Modifications.Count);
        Assert.Equal(
            ["Top: first", "Received: own", "A: 1", "A: three", "C: added", "Last: appended", "received: not the MTA's own"],
            outcome.Result.Content.Headers.Select(header => header.ToString()));
    }

    [Fact]
    public async Task The_envelope_is_changed()
    {
        MilterOutcome outcome = await FilterAsync(
            frames => ReplyWriter.ChangeSender(frames, "<>"),
            frames => ReplyWriter.DeleteRecipient(frames, "one@y"),
            frames => ReplyWriter.AddRecipient(frames, "<three@y>"),
            frames => ReplyWriter.AddRecipient(frames, "<two@y>"));

        Assert.Equal(MailPath.Null, outcome.Result.Sender);
        // In Postfix's ways: one that is added again is there twice.
        Assert.Equal(["two@y", "three@y", "two@y"], outcome.Result.Recipients);
    }

    [Fact]
    public async Task The_chunks_of_a_new_body_are_one_change()
    {
        MilterOutcome outcome = await FilterAsync(
            frames => ReplyWriter.ReplaceBody(frames, "new "u8),
            frames => ReplyWriter.ReplaceBody(frames, "body"u8),
            frames => ReplyWriter.Quarantine(frames, "looks odd"));

        Assert.Equal(2, outcome.Modifications.Count);
        Assert.Equal("new body\r\n", Encoding.ASCII.GetString(outcome.Result.Content.Body.Span));
        Assert.Equal("looks odd", outcome.QuarantineReason);
    }

    [Fact]
    public async Task What_was_agreed_on_is_told_with_the_outcome()
    {
        MilterOutcome one = await FilterAsync();
        MilterOutcome same = await FilterAsync();
        await using var other = new ScriptedFilter(_ => s_continue, ScriptedFilter.Agree(lists: new SymbolList(MacroStage.Mail, "i")));
        await using var client = new MilterClient(other.EndPoint);
        MilterOutcome different = await client.FilterAsync(Mail.Session(), Mail.Message());

        Assert.Equal(MilterActions.All, one.Agreement.Actions);
        Assert.Equal(one.Agreement, same.Agreement);
        Assert.Equal(one.Agreement.GetHashCode(), same.Agreement.GetHashCode());
        Assert.NotEqual(one.Agreement, different.Agreement);
    }

    [Fact]
    public void The_words_are_libmilters()
    {
        const ProtocolSteps Steps = ProtocolSteps.NoHelo | ProtocolSteps.NoReplyMail | ProtocolSteps.NoReplyHelo | ProtocolSteps.Skip;

        Assert.Equal(["ADDHDRS", "CHGFROM"], WireNames.Of(MilterActions.AddHeaders | MilterActions.ChangeSender));
        Assert.Equal(["QUARANTINE", "0x8000"], WireNames.Of(MilterActions.Quarantine | (MilterActions)0x8000));
        Assert.Equal(["HELO"], WireNames.NotSent(Steps));
        Assert.Equal(["MAIL"], WireNames.NoReply(Steps));
        Assert.Equal(["SKIP"], WireNames.Extras(Steps));
        Assert.Equal(("EOH", "EOM", "TEMPFAIL", "0x21"), (WireNames.Of(MilterCommand.EndOfHeaders), WireNames.Of(MacroStage.EndOfMessage), WireNames.Of(MilterVerdict.TempFail), WireNames.Of((MilterReply)'!')));
    }

    private static async Task<MilterOutcome> FilterAsync(params Action<FrameBuffer>[] writes)
    {
        byte[] end = [.. ScriptedFilter.Frames(writes), .. s_continue];
        await using var filter = new ScriptedFilter(command => command == MilterCommand.EndOfMessage ? end : s_continue);
        await using var client = new MilterClient(filter.EndPoint);
        MailTransaction message = Mail.Message("A: 1\nB: 2\na: 3\n\nbody\n", "one@y", "two@y");
        message.Received = new MailHeader("Received", "own");
        return await client.FilterAsync(Mail.Session(), message);
    }
}
