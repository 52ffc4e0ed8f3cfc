using Milter.Generators.Tests.Infrastructure;

namespace Milter.Generators.Tests.Diagnostics;

public sealed class MILTER020
{
    [Fact]
    public async Task Flags_what_can_t_be_called_as_a_method() => await Rule.CheckAsync("""
        interface IAborts { void Aborted(); }

        [Milter]
        partial class A : IAborts
        {
            [OnMail] void [|Generic|]<T>() { }
            [OnAbort] void IAborts.[|Aborted|]() { }
            int Property { [OnData] [|get|] => 1; }
            [OnClose] public static A operator [|+|](A a) => a;
        }
        """);

    [Fact]
    public async Task Is_quiet_about_methods_of_every_kind() => await Rule.CheckAsync("""
        interface IAborts { void Aborted(); }
        abstract class Base { [OnMail] protected abstract Verdict Mail(); }

        [Milter]
        unsafe partial class A : Base, IAborts
        {
            [OnAbort] public void Aborted() { }
            protected sealed override Verdict Mail() => default;
            [OnData] private static void Data() { }
            [OnEoh] partial void Eoh();
            [OnEom] [Obsolete] public Verdict Eom() => default;
            partial void Eoh() { }
        }
        """, compilerErrors: true);
}
