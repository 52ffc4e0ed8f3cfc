using Milter.Generators.Tests.Infrastructure;

namespace Milter.Generators.Tests.Diagnostics;

public sealed class MILTER024
{
    [Fact]
    public async Task Flags_two_whose_order_is_open() => await Rule.CheckAsync("""
        [Milter]
        partial class A
        {
            [OnMail] void One() { }
            [OnMail] void [|Two|]() { }
            [OnRcpt(Order = 7)] Verdict Three(string to) => default;
            [OnRcpt(Order = 7)] Verdict [|Three|](ReadOnlySpan<byte> to) => default;
            [OnHeader("To", "Cc")] void Four(string value) { }
            [OnHeader("cc")] void [|Five|](string value) { }
        }
        """);

    [Fact]
    public async Task Is_quiet_where_the_order_is_known() => await Rule.CheckAsync("""
        class Base { [OnMail] protected void Zero() { } [OnData] protected virtual void Data() { } }

        [Milter]
        partial class A : Base
        {
            protected override void Data() { }
            [OnMail] void One() { }
            [OnMail(Order = 1)] void Two() { }
            [OnHeader("To", "Cc")] void Four(string value) { }
            [OnHeader("From")] void Five(string value) { }
        }
        """);
}
