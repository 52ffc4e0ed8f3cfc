// the smallest that changes something
//> EOM: InsertHeader X-Ran|yes
//> EOM: InsertHeader X-Ran|yes
[Milter]
partial class Filter
{
    [OnEom] void End(HeaderAdder adder) => adder.Add("X-Ran", "yes");
}
