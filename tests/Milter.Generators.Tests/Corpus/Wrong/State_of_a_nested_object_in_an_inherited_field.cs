class Basket { public readonly Dictionary<string, int> Items = []; public int Total { get; private set; } public void Put(string item) { Items[item] = Total; Total++; } }

abstract class Shop
{
    protected readonly Basket Basket = new();
    protected Basket? Spare;
}

[Milter]
partial class Filter : Shop
{
    [OnRcpt]
    Verdict To(EnvelopeAddress to)
    {
        {|MILTER110:Basket.Put(to.Address)|};
        Action put = () => Basket.Items["x"] = 1;
        put();
        bool again = Spare is not null;
        {|MILTER110:Spare|} = new Basket();
        return again || Basket.Total > 5 ? Verdict.TempFail() : Verdict.Continue;
    }
}
