using Milter.Generators.Tests.Infrastructure;

namespace Milter.Generators.Tests.Diagnostics;

public sealed class MILTER052
{
    [Fact]
    public async Task Flags_needs_that_its_capability_can_t_use()
    {
        IReadOnlyList<string> messages = await Rule.CheckAsync("""
            [Milter]
            partial class Filter
            {
                [OnEom] void End(
                    [[|Needs(MilterActions.AddHeaders)|]] BodyEditor a,
                    [[|Needs(MilterActions.AddHeaders | MilterActions.ChangeHeaders)|]] HeaderAdder b,
                    [[|Needs(MilterActions.SetSymbolList)|]] HeaderEditor? c,
                    [[|Needs(MilterActions.None)|]] Quarantine d,
                    [[|Needs|]] EnvelopeEditor e,
                    [[|Needs(MilterActions.AddHeaders, Body = true)|]] HeaderAdder f,
                    [[|Needs((MilterActions)0x1000)|]] HeaderAdder g) { }
            }
            """);

        Assert.Equal("[Needs] of 'a' names AddHeaders, of which it makes no use; 'BodyEditor' can use ChangeBody", messages[0]);
        Assert.Equal("[Needs] of 'd' names no action; 'Quarantine' can use Quarantine", messages[3]);
        Assert.Equal("[Needs] of 'f' says Body, which counts on a binder's class only (a handler takes what it reads as a parameter); 'HeaderAdder' can use AddHeaders", messages[5]);
    }

    [Fact]
    public async Task Flags_needs_of_progress_which_needs_nothing() => await Rule.CheckAsync("""
        [Milter] partial class Filter { [OnEom] void End([{|MILTER049:Needs(MilterActions.ChangeBody)|}] Progress a) { } }
        """);

    [Fact]
    public async Task Is_quiet_about_what_can_be_used() => await Rule.CheckAsync("""
        [Milter]
        partial class Filter
        {
            [OnEom] void End(
                [Needs(MilterActions.AddHeaders)] HeaderEditor a,
                [Needs(Actions = MilterActions.ChangeHeaders)] HeaderEditor? b,
                [Needs(MilterActions.AddRecipients | MilterActions.DeleteRecipients | MilterActions.ChangeSender | MilterActions.AddRecipientsWithArguments)] EnvelopeEditor c,
                [Needs(MilterActions.ChangeBody)] BodyEditor d,
                [Needs(MilterActions.Quarantine)] Quarantine e) { }
        }
        """);
}
