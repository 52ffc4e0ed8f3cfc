// no usings, type Bare.Filter, all by full names
//> EOM: InsertHeader X-Ran|bare
//> EOM: Accept
//> EOM: InsertHeader X-Ran|bare
//> EOM: Accept
namespace Bare;

[global::Milter.Milter]
internal sealed partial class Filter
{
    [global::Milter.OnEom]
    private static global::System.Threading.Tasks.ValueTask<global::Milter.Verdict> End(global::Milter.HeaderAdder adder)
    {
        adder.Add("X-Ran", "bare");
        return new global::System.Threading.Tasks.ValueTask<global::Milter.Verdict>(global::Milter.Verdict.Accept);
    }
}
