using Milter.Protocol;

namespace Milter.Runtime.Tests.Message;

/// <summary>Protects what each call of the header editors becomes on the wire, and how calls on the same name go together.</summary>
public sealed partial class HeaderPlanTests
{
    private readonly PlanBench _bench = new("Received: by a", "Subject: one", "X: 1", "x: 2", "X: 3");

    private HeaderEditor Headers => _bench.Plan.HeaderEditor;

    [Fact]
    public void Nothing_done_is_nothing_sent()
    {
        _bench.Begin();
        Assert.Equal(0, Headers.RemoveAll("Not-There"));
        Assert.False(Headers.Remove("Not-There", 1));
        Assert.False(Headers.Change("X", 4, "value"));

        Assert.Empty(_bench.Packets());
        Assert.Equal(default, _bench.Outcome);
    }

    [Fact]
    public void What_is_prepended_later_stands_higher()
    {
        _bench.Begin();
        Headers.Prepend("A", "1");
        Headers.Prepend("B", "2");

        Assert.Equal(["i 0 A: 1", "i 0 B: 2"], _bench.Packets());
    }

    [Fact]
    public void What_is_appended_goes_to_the_bottom_by_index()
    {
        _bench.Begin();
        Headers.Append("X", "4");
        _bench.Plan.HeaderAdder.Add("Y", "5");

        Assert.Equal(["i 1000000000 X: 4", "i 1000000000 Y: 5"], _bench.Packets());
    }

    [Fact]
    public void Set_changes_the_first_and_removes_the_others_from_the_highest_down()
    {
        _bench.Begin();
        Headers.Set("x", "only");

        Assert.Equal(["m 3 X: ", "m 2 x: ", "m 1 X: only"], _bench.Packets());
    }

    [Fact]
    public void Set_appends_what_was_not_there()
    {
        _bench.Begin();
        Headers.Set("X-New", "a");
        Headers.Set("x-new", "b");

        Assert.Equal(["i 1000000000 X-New: b"], _bench.Packets());
    }

    [Fact]
    public void RemoveAll_goes_from_the_highest_down_and_takes_back_what_was_added()
    {
        _bench.Begin();
        Headers.Prepend("X", "0");
        Headers.Append("X", "4");

        Assert.Equal(5, Headers.RemoveAll("X"));
        Assert.Equal(0, Headers.RemoveAll("X"));
        Headers.Append("X", "again");

        Assert.Equal(["m 3 X: ", "m 2 x: ", "m 1 X: ", "i 1000000000 X: again"], _bench.Packets());
        Assert.Equal(4, _bench.Outcome.Sent);
    }

    [Fact]
    public void The_last_change_counts_and_none_after_a_removal()
    {
        _bench.Begin();
        Assert.True(Headers.Change("X", 2, "a"));
        Assert.True(Headers.Change("x", 2, "b"));
        Assert.True(Headers.Change("X", 1, "c"));
        Assert.True(Headers.Remove("X", 1));
        Assert.False(Headers.Change("X", 1, "d"));
        Assert.False(Headers.Remove("X", 1));

        Assert.Equal(["m 2 x: b", "m 1 X: "], _bench.Packets());
    }

    [Fact]
    public void Occurrences_keep_the_numbers_that_were_shown()
    {
        _bench.Begin();
        Headers.Prepend("X", "0");
        Headers.Remove("X", 1);
        Headers.Change("X", 3, "three");

        Assert.Equal(["m 3 X: three", "m 1 X: ", "i 0 X: 0"], _bench.Packets());
    }

    [Fact]
    public void Set_after_the_plans_own_additions_keeps_the_topmost()
    {
        _bench.Begin();
        Headers.Prepend("X", "0");
        Headers.Append("X", "4");
        Headers.Set("X", "only");

        Assert.Equal(["m 3 X: ", "m 2 x: ", "m 1 X: ", "i 0 X: only"], _bench.Packets());
    }

    [Fact]
    public void An_empty_value_leaves_a_blank_field_and_deletes_nothing()
    {
        _bench.Begin();
        Headers.Set("Subject", "");
        Headers.Append("Y", "");

        Assert.Equal(["m 1 Subject:  ", "i 1000000000 Y: "], _bench.Packets());
    }

    [Fact]
    public void With_leading_space_agreed_the_library_writes_the_space()
    {
        _bench.Begin(leadingSpace: true);
        Headers.Set("Subject", "");
        Headers.Remove("X", 1);
        Headers.Prepend("A"u8, "raw"u8);
        Headers.Append("Y", "");

        Assert.Equal(["m 1 X: ", "m 1 Subject:  ", "i 0 A:  raw", "i 1000000000 Y:  "], _bench.Packets());
    }

    [Fact]
    public void Text_is_encoded_and_bytes_are_not()
    {
        _bench.Begin();
        Headers.Set("Subject", "Grüße");
        Headers.Append("Y"u8, "Grüße"u8);

        Assert.Equal(["m 1 Subject: =?utf-8?Q?Gr=C3=BC=C3=9Fe?=", "i 1000000000 Y: Grüße"], _bench.Packets());
    }

    [Fact]
    public void Text_is_not_encoded_in_an_SMTPUTF8_message()
    {
        _bench.Message.WithEnvelope(Told.Payload("<jörg@example.org>", "SMTPUTF8"));
        _bench.Begin();
        Headers.Append("Y", "Grüße");

        Assert.Equal(["i 1000000000 Y: Grüße"], _bench.Packets());
    }

    [Fact]
    public void A_refused_call_leaves_the_plan_as_it_was()
    {
        _bench.Begin();
        Headers.Append("A", "1");
#pragma warning disable MILTER086, MILTER087 // Wrong on purpose.
        Assert.Throws<ArgumentException>(() => Headers.Set("X", "a\nBcc: b"));
        Assert.Throws<ArgumentException>(() => Headers.Append("Bad name", "a"));
        Assert.Throws<ArgumentException>(() => Headers.Prepend("A"u8, "a\r b"u8));
#pragma warning restore MILTER086, MILTER087
        Assert.Throws<ArgumentOutOfRangeException>(() => Headers.Change("X", 0, "a"));
        Assert.Throws<ArgumentOutOfRangeException>(() => Headers.InsertAt(-1, "X", "a"));

        Assert.Equal(["i 1000000000 A: 1"], _bench.Packets());
    }

    [Fact]
    public void Raw_positions_are_sent_in_the_order_of_the_calls_after_the_removals()
    {
        _bench.Begin();
        Headers.InsertAt(1, "A", "1");
        Headers.Prepend("B", "2");
        Headers.Append("C", "3");
        Headers.Remove("X", 2);
        Headers.InsertAt(3, "D", "4");

        Assert.Equal(["m 2 x: ", "i 1 A: 1", "i 0 B: 2", "i 3 D: 4", "i 1000000000 C: 3"], _bench.Packets());
    }

    [Fact]
    public void What_was_inserted_beside_raw_positions_can_not_be_taken_back()
    {
        _bench.Begin();
        Headers.Prepend("A", "1");
        Headers.InsertAt(1, "B", "2");

        Assert.Contains("InsertAt", Assert.Throws<InvalidOperationException>(() => Headers.RemoveAll("A")).Message, StringComparison.Ordinal);
        Assert.Throws<InvalidOperationException>(() => Headers.Set("b", "3"));
        Headers.Set("X", "only");

        Assert.Equal(["m 3 X: ", "m 2 x: ", "m 1 X: only", "i 0 A: 1", "i 1 B: 2"], _bench.Packets());
    }

    [Fact]
    public void The_editor_works_with_names_alone()
    {
        var bench = new PlanBench();
        bench.Message.Headers.Add("Subject"u8, "secret"u8, namesOnly: true);
        bench.Begin();
        bench.Plan.HeaderEditor.Set("Subject", "new");

        Assert.Equal(1, bench.Plan.HeaderEditor.Seen.CountOf("Subject"));
        Assert.Equal(["m 1 Subject: new"], bench.Packets());
    }

    [Fact]
    public void A_header_with_very_many_fields_is_edited_in_time()
    {
        PlanBench bench = new([.. Enumerable.Repeat("Received: x", 20_000)]);
        bench.Begin();
        Assert.Equal(20_000, bench.Plan.HeaderEditor.RemoveAll("Received"));

        Assert.Equal(20_000, bench.Packets().Count);
    }
}
