using System.Text;
using Milter.Protocol;
using Quickstart.Demo;

namespace Milter.Samples.Tests;

/// <summary>The demo's MTA applies modifications as Postfix does.</summary>
public sealed class ModificationsTests
{
    private readonly MailMessage _message = MailMessage.Parse("Received: own\nA: 1\nB: 2\na: 3\n\nbody\n"u8, "<s@x>", "<one@y>", "<two@y>");
    private readonly FrameBuffer _frames = new();

    public ModificationsTests() => _message.Headers[0] = _message.Headers[0] with { IsOwn = true };

    [Fact]
    public void Fields_are_added_inserted_changed_and_removed()
    {
        ReplyWriter.AddHeader(_frames, "C", "added");
        ReplyWriter.InsertHeader(_frames, 0, "Top", "first");
        ReplyWriter.InsertHeader(_frames, 999_999, "Last", "appended");
        ReplyWriter.ChangeHeader(_frames, 2, "A", "three");
        ReplyWriter.ChangeHeader(_frames, 0, "B", "");
        ReplyWriter.ChangeHeader(_frames, 1, "received", "not the MTA's own");

        Assert.Equal(6, Apply());
        Assert.Equal(
            ["Top: first", "Received: own", "A: 1", "A: three", "C: added", "Last: appended", "received: not the MTA's own"],
            _message.Headers.Select(header => $"{header.Name}:{header.Text}"));
    }

    [Fact]
    public void The_envelope_is_changed()
    {
        ReplyWriter.ChangeSender(_frames, "<>");
        ReplyWriter.DeleteRecipient(_frames, "one@y");
        ReplyWriter.AddRecipient(_frames, "<three@y>");
        ReplyWriter.AddRecipient(_frames, "<two@y>");

        Apply();

        Assert.Equal("<>", _message.Sender);
        Assert.Equal(["<two@y>", "<three@y>"], _message.Recipients);
    }

    [Fact]
    public void The_chunks_of_a_new_body_are_one_change()
    {
        ReplyWriter.ReplaceBody(_frames, "new "u8);
        ReplyWriter.ReplaceBody(_frames, "body"u8);
        ReplyWriter.Quarantine(_frames, "looks odd");

        Assert.Equal(2, Apply());
        Assert.Equal("new body\r\n", Encoding.ASCII.GetString(_message.Body));
        Assert.Equal("looks odd", _message.HoldReason);
    }

    [Fact]
    public void A_new_body_in_two_places_is_refused()
    {
        ReplyWriter.ReplaceBody(_frames, "new "u8);
        ReplyWriter.AddHeader(_frames, "C", "between");
        ReplyWriter.ReplaceBody(_frames, "body"u8);

        Assert.Throws<ProtocolException>(() => Apply());
    }

    private int Apply()
    {
        var modifications = new Modifications(_message, keepsSpace: false);
        ReadOnlySpan<byte> rest = _frames.WrittenSpan;
        while (FrameReader.TryRead(rest, MilterLimits.MaxPayload, out Frame frame, out int length) == FrameStatus.Complete)
        {
            modifications.Apply((MilterReply)frame.Code, frame.Payload);
            rest = rest[length..];
        }

        modifications.Complete();
        return modifications.Count;
    }
}
