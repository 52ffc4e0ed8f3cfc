using Milter.Generators.Tests.Infrastructure;

namespace Milter.Generators.Tests.Diagnostics;

public sealed class MILTER021
{
    [Fact]
    public async Task Flags_every_other_type() => await Rule.CheckAsync("""
        [Milter]
        partial class A
        {
            private Verdict _verdict;
            [OnConnect] [|bool|] Connect() => true;
            [OnHelo] [|Task<bool>|] Helo() => null!;
            [OnMail] [|Verdict?|] Mail() => null;
            [OnRcpt] [|ref Verdict|] Rcpt() => ref _verdict;
            [OnData] [|IAsyncEnumerable<Verdict>|] Data() => null!;
        }
        """);

    [Fact]
    public async Task Leaves_unknown_types_to_the_compiler() => await Rule.CheckAsync(
        "[Milter] partial class A { [OnMail] Nonsense Mail() => null; }",
        compilerErrors: true);
}
