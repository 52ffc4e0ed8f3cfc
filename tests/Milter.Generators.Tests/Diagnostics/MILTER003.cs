using Milter.Generators.Tests.Infrastructure;

namespace Milter.Generators.Tests.Diagnostics;

public sealed class MILTER003
{
    [Fact]
    public async Task Flags_a_milter_below_another() => await Rule.CheckAsync("""
        [Milter] partial class Upper { [OnEom] protected void End() { } }
        class Middle : Upper { }
        [Milter] partial class [|Lower|] : Middle { }
        """);

    [Fact]
    public async Task Is_quiet_about_a_shared_base_class() => await Rule.CheckAsync("""
        abstract class Shared { [OnMail] protected void Mail() { } }
        [Milter] partial class One : Shared { }
        [Milter] partial class Two : Shared { }
        class Below : Two { }
        """);
}
