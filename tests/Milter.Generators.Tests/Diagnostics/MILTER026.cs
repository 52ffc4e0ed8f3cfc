using Milter.Generators.Tests.Infrastructure;

namespace Milter.Generators.Tests.Diagnostics;

public sealed class MILTER026
{
    [Fact]
    public async Task Flags_what_would_be_called_instead() => await Rule.CheckAsync("""
        class Base { [OnMail] protected void Mail(string sender) { } [OnData] protected virtual void Data() { } }
        class Middle : Base { protected void [|Mail|](object sender) { } }
        [Milter] partial class A : Middle { new int [|Data|]; }
        """);

    [Fact]
    public async Task Is_quiet_where_the_call_is_clear() => await Rule.CheckAsync("""
        class Base { [OnMail] protected void Mail(string sender) { } [OnData] protected virtual void Data() { } [OnEoh] protected static void Eoh() { } }
        class Middle : Base { private void Mail(object sender) { } protected void Data(int x) { } }
        [Milter] partial class A : Middle { void Mail(Uri sender) { } protected override void Data() { } new int Eoh; }
        """);
}
