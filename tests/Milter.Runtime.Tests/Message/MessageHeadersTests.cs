using Milter.Message;

namespace Milter.Runtime.Tests.Message;

/// <summary>Protects that collected header fields are found by name and place, byte for byte, and end with their message.</summary>
public sealed class MessageHeadersTests
{
    private static readonly string[] s_fields =
        ["Received: by a", "Subject: =?utf-8?Q?Gr=C3=BC=C3=9Fe?=", "X: 1", "x: 2", "Empty: ", "Folded: a\n b", "X: \udcff"];

    [Fact]
    public void Fields_are_found_by_name_without_case()
    {
        MessageHeaders headers = Told.Message(s_fields).Headers;

        Assert.Equal(7, headers.Count);
        Assert.Equal("1", headers["X"]);
        Assert.Equal("by a", headers["RECEIVED"]);
        Assert.Equal("", headers["empty"]);
        Assert.Equal("a\n b", headers["Folded"]);
        Assert.Null(headers["Y"]);
        Assert.Equal(["1", "2", "\udcff"], headers.GetAll("x"));
        Assert.Empty(headers.GetAll("Receive"));
        Assert.Equal(3, headers.CountOf("X"));
        Assert.True(headers.Contains("subject"));
        Assert.False(headers.Contains(""));
        Assert.Equal("Grüße", headers.Decoded("Subject"));
        Assert.Equal("a b", headers.Decoded("Folded"));
        Assert.Null(headers.Decoded("Y"));
    }

    [Fact]
    public void Fields_are_found_by_place_and_enumerated_in_order()
    {
        MessageHeaders headers = Told.Message(s_fields).Headers;
        var seen = new List<string>();

        foreach (HeaderField field in headers)
        {
            seen.Add(field.ToString());
        }

        Assert.Equal(s_fields, seen);
        Assert.True(headers[1].Is("SUBJECT"));
        Assert.True(headers[1].Is("subject"u8));
        Assert.False(headers[1].Is("Subjec"));
        Assert.Equal("Grüße", headers[1].DecodedValue);
        Assert.Equal("X", headers[2].NameText);
        Assert.Equal("1", headers[2].ValueText);
        Assert.Throws<ArgumentOutOfRangeException>(() => headers[7].NameText);
    }

    [Fact]
    public void Where_only_names_are_kept_asking_for_a_value_says_so()
    {
        MessageHeaders headers = Told.Message().Headers;
        headers.Add("Subject"u8, "secret"u8, namesOnly: true);

        Assert.Equal(1, headers.CountOf("subject"));
        Assert.True(headers[0].Is("Subject"));
        Assert.True(headers[0].Value.IsEmpty);
        Assert.Null(headers["Other"]);
        Assert.Contains("Only the names", Assert.Throws<InvalidOperationException>(() => headers["Subject"]).Message, StringComparison.Ordinal);
        Assert.Throws<InvalidOperationException>(() => headers.Decoded("Subject"));
        Assert.Throws<InvalidOperationException>(() => headers.GetAll("Subject"));
    }

    [Fact]
    public void A_header_larger_than_any_before_is_kept_whole()
    {
        MessageHeaders headers = Told.Message().Headers;
        for (int i = 0; i < 3_000; i++)
        {
            headers.Add(Protocol.WireText.GetBytes($"N{i}"), Protocol.WireText.GetBytes(new string('v', i % 200)), namesOnly: false);
        }

        for (int i = 0; i < 3_000; i += 97)
        {
            Assert.Equal(i % 200, headers[$"n{i}"]!.Length);
        }
    }

    [Fact]
    public void After_the_message_it_throws_and_the_next_one_starts_empty()
    {
        MessageState message = Told.Message(s_fields);
        message.Reset();

        Assert.Throws<InvalidOperationException>(() => message.Headers.Count);
        Assert.Throws<InvalidOperationException>(() => message.Headers["X"]);
        Assert.Throws<InvalidOperationException>(() => message.Headers[0].NameText);
        Assert.Throws<InvalidOperationException>(() => message.Headers.GetEnumerator().MoveNext());

        message.Begin();
        Assert.Equal(0, message.Headers.Count);
        Assert.Null(message.Headers["X"]);
    }

    [Fact]
    public void Named_headers_keep_the_first_field_of_each_name()
    {
        var named = new NamedHeaders(["Subject", "X-Spam", "subject"], []);
        named.Offer("SUBJECT"u8, "=?utf-8?Q?=C3=A4?="u8);
        named.Offer("Subject"u8, "second"u8);
        named.Offer("Subjects"u8, "other"u8);

        Assert.Equal("=?utf-8?Q?=C3=A4?="u8, named.Value(0));
        Assert.Equal("=?utf-8?Q?=C3=A4?=", named.Text(0));
        Assert.Same(named.Text(0), named.Text(0));
        Assert.Equal("ä", named.Decoded(0));
        Assert.Equal("ä", named.Decoded(2));
        Assert.True(named.Value(1).IsEmpty);
        Assert.Null(named.Text(1));
        Assert.Null(named.Decoded(1));

        named.Reset();
        Assert.Null(named.Text(0));
        named.Offer("X-Spam"u8, ""u8);
        Assert.Equal("", named.Text(1));
    }

    [Fact]
    public void Header_values_are_those_of_every_field_of_the_name()
    {
        var named = new NamedHeaders([], ["Subject", "X-Spam"]);
        named.Offer("SUBJECT"u8, "=?utf-8?Q?=C3=A4?="u8);
        named.Offer("Subjects"u8, "other"u8);
        named.Offer("subject"u8, "second"u8);

        HeaderValues sent = named.Values(0);
        HeaderValues decoded = named.DecodedValues(0);

        Assert.Equal(["=?utf-8?Q?=C3=A4?=", "second"], sent);
        Assert.Equal(["ä", "second"], decoded);
        Assert.Equal("=?utf-8?Q?=C3=A4?="u8, decoded.GetBytes(0));
        Assert.Same(sent[1], sent[1]);
        Assert.Empty(named.Values(1));
        Assert.Throws<ArgumentOutOfRangeException>(() => sent[2]);
        Assert.Throws<ArgumentOutOfRangeException>(() => sent.GetBytes(-1));
        List<string> stepped = [];
        foreach (string value in decoded)
        {
            stepped.Add(value);
        }

        Assert.Equal(["ä", "second"], stepped);
    }

    [Fact]
    public void Header_values_end_with_their_message_and_begin_anew_with_the_next()
    {
        var named = new NamedHeaders([], ["Subject"]);
        named.Offer("Subject"u8, "first message"u8);
        HeaderValues values = named.Values(0);
        HeaderValues decoded = named.DecodedValues(0);
        Assert.Equal("first message", values[0]);
        Assert.Equal("first message", decoded[0]);

        named.Reset();

        Assert.Throws<InvalidOperationException>(() => values.Count);
        Assert.Throws<InvalidOperationException>(() => decoded[0]);
        Assert.Throws<InvalidOperationException>(() => values.GetEnumerator());
        Assert.Equal("(ended)", values.ToString());
        named.Offer("Subject"u8, "second message"u8);
        Assert.Equal(["second message"], named.Values(0));
        Assert.Equal(["second message"], named.DecodedValues(0));
    }
}
