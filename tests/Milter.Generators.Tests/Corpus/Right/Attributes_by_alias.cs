// attributes through an alias and with their full endings
//> EOM: InsertHeader X-Ended|0
//> EOM: InsertHeader X-Ended|1
using Filterer = Milter.MilterAttribute;
using Finally = Milter.OnMessageEndAttribute;

[Filterer]
partial class Filter
{
    private int _ended;

    [Finally] void Ended() => _ended++;
    [OnEomAttribute()] void End(HeaderAdder adder) => adder.Add("X-Ended", $"{_ended}");
}
