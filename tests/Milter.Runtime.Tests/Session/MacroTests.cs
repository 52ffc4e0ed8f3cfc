using Milter.CompilerServices;
using Milter.Protocol;

namespace Milter.Runtime.Tests.Session;

/// <summary>Protects the lifetimes of macros: of the session, of the message, of one command.</summary>
public sealed class MacroTests
{
    private readonly List<string?> _seen = [];

    private SessionDriver Watching(MilterStages at, params string[] macros) => new(
        SessionDriver.Need((MilterStages)0x3FFF, macros: macros),
        (stage, step) =>
        {
            if (stage == at)
            {
                _seen.AddRange(macros.Select((_, slot) => step.MacroText(slot)));
            }

            return default;
        });

    [Fact]
    public void A_macro_of_the_session_is_seen_in_every_message()
    {
        SessionDriver mta = Watching(MilterStages.Eom, "j");
        mta.Negotiate();
        mta.Macros(MilterCommand.Connect, ("j", "mx.example.test"));
        mta.Connect();
        mta.Message();
        mta.Message();
        Assert.Equal(["mx.example.test", "mx.example.test"], _seen);
    }

    [Fact]
    public void A_macro_of_one_message_is_not_seen_in_the_next()
    {
        SessionDriver mta = Watching(MilterStages.Eom, "i", "{mail_addr}").Started();
        mta.Macros(MilterCommand.Mail, ("i", "4ABC"), ("{mail_addr}", "a@example.test"));
        mta.Message();
        mta.Message();
        Assert.Equal(["4ABC", "a@example.test", null, null], _seen);
    }

    [Fact]
    public void The_macros_of_a_new_MAIL_survive_the_end_of_a_message_that_nobody_told()
    {
        SessionDriver mta = Watching(MilterStages.Eom, "i").Started();
        mta.Macros(MilterCommand.Mail, ("i", "one"));
        mta.Mail();
        mta.Macros(MilterCommand.Mail, ("i", "two"));
        mta.Message();
        Assert.Equal(["two"], _seen);
        Assert.Equal(1, mta.Calls.Count(call => call == "Abort"));
    }

    [Fact]
    public void Braces_make_no_difference_and_the_latest_stage_counts()
    {
        SessionDriver mta = Watching(MilterStages.Eom, "{i}", "{auth_authen}").Started();
        mta.Macros(MilterCommand.Mail, ("i", "early"), ("auth_authen", "joe"));
        mta.Macros(MilterCommand.Rcpt, ("{i}", "late"));
        mta.Message();
        Assert.Equal(["late", "joe"], _seen);
    }

    [Fact]
    public void A_new_set_replaces_the_old_one_of_its_command()
    {
        SessionDriver mta = Watching(MilterStages.Eom, "{a}", "{b}").Started();
        mta.Macros(MilterCommand.Mail, ("{a}", "1"), ("{b}", ""));
        mta.Macros(MilterCommand.Mail, ("{b}", ""));
        mta.Message();
        Assert.Equal([null, ""], _seen);
    }

    [Fact]
    public void Macros_of_a_header_end_with_it()
    {
        SessionDriver mta = Watching(MilterStages.Eom, "{h}").Started();
        mta.Mail();
        mta.Macros(MilterCommand.Header, ("{h}", "1"));
        mta.Header();
        mta.Eom();
        Assert.Equal([null], _seen);
    }

    [Fact]
    public void Odd_and_empty_sets_and_unknown_commands_do_no_harm()
    {
        SessionDriver mta = Watching(MilterStages.Eom, "{a}", "{b}").Started();
        mta.Send(b => b.WriteFrame((byte)'D', "M{a}\0x\0{b}"u8));
        mta.Send(b => b.WriteFrame((byte)'D', "H"u8));
        mta.Send(b => b.WriteFrame((byte)'D', "Z{a}\0y\0"u8));
        Assert.Equal("c c c c c c c", mta.Message());
        Assert.Equal(["x", ""], _seen);
    }

    [Fact]
    public void The_context_tells_queue_id_and_facts()
    {
        MilterContext? context = null;
        var mta = new SessionDriver(SessionDriver.Everything(), (_, step) =>
        {
            context = step.Context;
            return default;
        }).Started();
        mta.Macros(MilterCommand.Helo, ("{tls_version}", "TLSv1.3"));
        mta.Helo();
        mta.Macros(MilterCommand.Mail, ("i", "4ABC"), ("{auth_authen}", "joe"));
        mta.Mail();
        Assert.Equal("4ABC", context!.QueueId);
        Assert.True(context.IsAuthenticated);
        Assert.True(context.IsTls);
        Assert.Equal("joe", context.GetMacro("auth_authen"));
        mta.Abort();
        Assert.Null(context.QueueId);
        Assert.False(context.IsAuthenticated);
        Assert.True(context.IsTls);
    }

    [Fact]
    public void A_late_context_throws_nothing_into_the_connection()
    {
        StepContext? kept = null;
        var mta = new SessionDriver(SessionDriver.Everything(), (_, step) =>
        {
            kept = step;
            return default;
        }).Started();
        mta.Message();
        Assert.NotNull(kept);
        Assert.Equal("c", mta.Mail());
    }
}
