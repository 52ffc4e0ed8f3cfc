using Milter.Generators.Tests.Infrastructure;

namespace Milter.Generators.Tests.Diagnostics;

public sealed class MILTER002
{
    [Fact]
    public async Task Flags_classes_that_no_instance_can_be_made_of() => await Rule.CheckAsync("""
        [Milter] static partial class [|Static|] { }
        [Milter] abstract partial class [|Abstract|] { }
        [Milter] partial class [|Generic|]<T> { }
        [Milter] file partial class [|Local|] { }
        partial class Outer<T> { [Milter] partial class [|Inner|] { } }
        """);

    [Fact]
    public async Task Says_why()
    {
        IReadOnlyList<string> messages = await Rule.CheckAsync("partial class Outer<T> { [Milter] partial class [|Inner|] { } }");

        Assert.Equal(["'Inner' can't be a [Milter]: it is nested in 'Outer', which is generic, so there is no one class to negotiate for"], messages);
    }
}
