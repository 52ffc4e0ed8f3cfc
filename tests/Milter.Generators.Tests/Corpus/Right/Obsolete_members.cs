// members that are obsolete or experimental cost nothing in generated code
//> EOM: InsertHeader X-Ran|yes
//> EOM: InsertHeader X-Ran|yes
[Milter]
partial class Filter
{
    [PerMessage, Obsolete("Gone soon")] private int _old;

    [OnMail, Obsolete("Gone soon")] void Mail() => _old++;
    [OnEom] void End(HeaderAdder adder) => adder.Add("X-Ran", "yes");
}
