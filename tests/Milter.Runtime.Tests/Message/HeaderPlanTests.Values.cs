using Milter.Protocol;

namespace Milter.Runtime.Tests.Message;

/// <content>Values: folds, space, choice by what they say.</content>
public sealed partial class HeaderPlanTests
{
    // Every .NET mail library folds with CR LF.
    [Fact]
    public void A_fold_may_have_its_carriage_return()
    {
        _bench.Begin();
        Headers.Append("A", "one\r\n two\n\tthree");
        Headers.Append("B"u8, "one\r\n\ttwo"u8);
        Headers.Change("X", 1, "one\r\n two");
        _bench.Plan.HeaderAdder.Add("C", "one\r\n two");

        Assert.Equal(["m 1 X: one\n two", "i 1000000000 A: one\n two\n\tthree", "i 1000000000 B: one\n\ttwo", "i 1000000000 C: one\n two"], _bench.Packets());
    }

    [Theory]
    [InlineData("a\r\nB: c")]
    [InlineData("a\r\n")]
    [InlineData("a\rb")]
    [InlineData("a\r\r\n b")]
    public void What_is_no_fold_stays_refused(string value)
    {
        _bench.Begin();
        Assert.Throws<ArgumentException>(() => Headers.Append("A", value));
        Assert.Throws<ArgumentException>(() => Headers.Append("A"u8, WireText.GetBytes(value)));
        Assert.Throws<ArgumentException>(() => Headers.ChangeEach("X", _ => value));

        Assert.Empty(_bench.Packets());
    }

    [Theory]
    [InlineData(" two")]
    [InlineData("tight")]
    [InlineData("\ttab")]
    [InlineData("\n folded at once")]
    [InlineData("")]
    [InlineData("  a long line that is folded nowhere although it has more than seventy-eight characters in it, as mail often has")]
    [InlineData(" =?utf-8?Q?x?= \u001b$B$3$s\u001b(B raw \udcff gr\u00fc\u00dfe")]
    public void What_is_read_with_its_space_and_written_back_stays_to_the_byte(string value)
    {
        var bench = new PlanBench($"X-A: {value}").Begin(leadingSpace: true);
        Assert.True(bench.Plan.HeaderEditor.Change("X-A", 1, value));
        bench.Plan.HeaderEditor.Set("X-A", value);
        Assert.True(bench.Plan.HeaderEditor.Change("X-A"u8, 1, WireText.GetBytes(value)));

        Assert.Empty(bench.Packets());
    }

    [Fact]
    public void What_begins_with_white_space_gets_no_other_space()
    {
        var bench = new PlanBench("X-A:  two").Begin(leadingSpace: true);
        bench.Plan.HeaderEditor.Change("X-A", 1, " [tag] two");
        bench.Plan.HeaderEditor.Append("X-B", "\ttab");
        bench.Plan.HeaderEditor.Append("X-C", "tight");

        Assert.Equal(["m 1 X-A:  [tag] two", "i 1000000000 X-B: \ttab", "i 1000000000 X-C:  tight"], bench.Packets());
    }

    [Fact]
    public void Fields_are_removed_by_what_they_say()
    {
        _bench.Begin();
        Headers.Append("X", "4");
        Assert.Equal(2, Headers.RemoveWhere("x", field => field.ValueText is "1" or "4"));
        Assert.Equal(0, Headers.RemoveWhere("x", field => field.ValueText is "1" or "4"));
        Assert.Equal(1, Headers.RemoveWhere("X", field => field.ValueText == "3"));

        Assert.Equal(["m 3 X: ", "m 1 X: "], _bench.Packets());
    }

    [Fact]
    public void Fields_are_changed_one_by_one_as_they_are_by_then()
    {
        _bench.Begin();
        Headers.Prepend("X", "0");
        Headers.Remove("X", 2);
        Headers.Change("X", 1, "one");
        Assert.Equal(2, Headers.ChangeEach("X", field => field.ValueText == "3" ? null : field.ValueText + " gr\u00fcn"));

        Assert.Equal(["m 2 x: ", "m 1 X: one =?utf-8?Q?gr=C3=BCn?=", "i 0 X: 0 =?utf-8?Q?gr=C3=BCn?="], _bench.Packets());
    }

    [Fact]
    public void Names_alone_are_not_enough_to_choose_by_values()
    {
        Milter.Message.MessageState message = Told.Message();
        message.Headers.Add("X"u8, "1"u8, namesOnly: true);
        PlanBench bench = new PlanBench(message).Begin();

        Assert.Contains("MessageHeaders parameter", Assert.Throws<InvalidOperationException>(() => bench.Plan.HeaderEditor.RemoveWhere("X", _ => true)).Message, StringComparison.Ordinal);
    }

    // A sender may write as much as an MTA lets through; tagging it must not fail.
    [Fact]
    public void A_long_raw_subject_can_be_tagged()
    {
        string subject = string.Concat(Enumerable.Repeat("gr\u00fc\u00dfe ", 6_000)).TrimEnd();
        var bench = new PlanBench($"Subject: {subject}").Begin();
        bench.Plan.HeaderEditor.Change("Subject", 1, "[X] " + subject);

        string packet = Assert.Single(bench.Packets());
        Assert.StartsWith("m 1 Subject: [X] gr\u00fc\u00dfe gr\u00fc\u00dfe", packet.Replace("\n", "", StringComparison.Ordinal), StringComparison.Ordinal);
        Assert.EndsWith("gr\u00fc\u00dfe", packet, StringComparison.Ordinal);
    }
}
