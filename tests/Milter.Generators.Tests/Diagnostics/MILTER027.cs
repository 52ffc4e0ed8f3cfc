using Milter.Generators.Tests.Infrastructure;

namespace Milter.Generators.Tests.Diagnostics;

public sealed class MILTER027
{
    [Fact]
    public async Task Flags_async_void() => await Rule.CheckAsync("""
        [Milter]
        partial class A
        {
            [OnMail] async [|void|] Mail() => await Task.Yield();
            [OnRcpt] partial [|void|] Rcpt();
            async partial void Rcpt() => await Task.Yield();
        }
        """);

    [Fact]
    public async Task Is_quiet_about_tasks_and_plain_void() => await Rule.CheckAsync("""
        [Milter]
        partial class A
        {
            [OnMail] async Task Mail() => await Task.Yield();
            [OnRcpt] async ValueTask Rcpt() => await Task.Yield();
            [OnData] void Data() { }
        }
        """);
}
