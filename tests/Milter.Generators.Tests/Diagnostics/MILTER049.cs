using Milter.Generators.Tests.Infrastructure;

namespace Milter.Generators.Tests.Diagnostics;

public sealed class MILTER049
{
    [Fact]
    public async Task Flags_needs_of_what_changes_nothing() => await Rule.CheckAsync("""
        [Milter] partial class A { [OnEom] void Eom([[|Needs(MilterActions.AddHeaders)|]] MessageHeaders a) { } }
        """);

    [Fact]
    public async Task Is_quiet_about_capabilities() => await Rule.CheckAsync("""
        [Milter] partial class A { [OnEom] void Eom([Needs(MilterActions.AddHeaders)] HeaderEditor? a, [Needs(MilterActions.ChangeSender)] EnvelopeEditor b) { } }
        """);
}
