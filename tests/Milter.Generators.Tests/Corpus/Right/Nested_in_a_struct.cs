// nested, type Outer+Inner
//> EOM: InsertHeader X-Ran|Inner
//> EOM: InsertHeader X-Ran|Inner
public partial struct Outer
{
    [Milter]
    internal sealed partial class Inner
    {
        [OnEom] void End(HeaderAdder adder) => adder.Add("X-Ran", nameof(Inner));
    }
}
