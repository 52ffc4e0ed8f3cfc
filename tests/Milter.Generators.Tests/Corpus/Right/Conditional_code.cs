// parts that are compiled away
//> EOM: InsertHeader X-Ran|yes
//> EOM: InsertHeader X-Ran|yes
[Milter]
partial class Filter
{
#if NEVER
    [OnMail] int Broken(Nonsense x) => x;
#endif
    [OnEom] void End(HeaderAdder adder) => adder.Add("X-Ran", "yes");
}
