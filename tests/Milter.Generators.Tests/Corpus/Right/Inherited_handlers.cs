// base class first, then the class
//> EOM: InsertHeader X-Order|base own
//> EOM: InsertHeader X-Order|base own
public abstract class Counting
{
    [PerMessage] protected List<string> Order { get; } = [];

    [OnMail(Order = 99)] protected void BaseMail() => Order.Add("base");

    [OnEom] protected void BaseEnd(HeaderAdder adder) => adder.Add("X-Order", string.Join(" ", Order));
}

[Milter]
partial class Filter : Counting
{
    [OnMail(Order = 1)] void Mail() => Order.Add("own");
}
