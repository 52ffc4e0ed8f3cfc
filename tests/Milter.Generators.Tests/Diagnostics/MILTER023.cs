using Milter.Generators.Tests.Infrastructure;

namespace Milter.Generators.Tests.Diagnostics;

public sealed class MILTER023
{
    [Fact]
    public async Task Flags_a_private_handler_of_a_base_class()
    {
        IReadOnlyList<string> messages = await Rule.CheckAsync("""
            abstract class Base { [OnMail] private void [|Mail|]() { } }
            [Milter] partial class A : Base { }
            """);

        Assert.Equal(["'Base.Mail' can't be called from 'A'; make it protected"], messages);
    }

    [Fact]
    public async Task Is_quiet_about_what_can_be_called() => await Rule.CheckAsync("""
        partial class Outer
        {
            abstract class Base { [OnMail] private protected void Mail() { } [OnData] internal void Data() { } }
            [Milter] partial class A : Base { [OnRcpt] private void Rcpt() { } }
        }
        """);
}
