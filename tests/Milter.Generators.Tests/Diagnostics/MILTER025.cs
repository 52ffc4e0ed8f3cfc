using Milter.Generators.Tests.Infrastructure;

namespace Milter.Generators.Tests.Diagnostics;

public sealed class MILTER025
{
    [Fact]
    public async Task Flags_handlers_outside_a_milter()
    {
        IReadOnlyList<string> messages = await Rule.CheckAsync("""
            partial class Forgotten { [[|OnMail|]] void Mail() { } }
            interface IThing { [[|OnRcpt|]] void Rcpt() { } }
            static class Tools { [[|OnHeader("To")|]] static void To(string value) { } }
            """);

        Assert.Equal("'Mail' never runs: 'Forgotten' is not a [Milter], and no [Milter] derives from it", messages[0]);
    }

    [Fact]
    public async Task Is_quiet_about_base_classes() => await Rule.CheckAsync("""
        abstract class ForOthers { [OnMail] protected void Mail() { } }
        class Base<T> { [OnMail] protected void Mail() { } }
        partial class Outer { [Milter] partial class A : Base<int> { } }
        """);
}
