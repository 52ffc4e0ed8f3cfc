// a partial method is one handler
//> EOM: InsertHeader X-Ran|partial
//> EOM: InsertHeader X-Ran|partial
[Milter]
partial class Filter
{
    [OnEom] private partial void End(HeaderAdder adder);

    private partial void End(HeaderAdder adder) => adder.Add("X-Ran", "partial");
}
