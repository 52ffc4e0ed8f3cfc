abstract class Shared
{
    [OnConnect] protected virtual void Connect([{|MILTER101:Macro("{mail_addr}")|}] string? who) => Console.WriteLine(who);
}

[Milter]
partial class Filter : Shared
{
    protected override void Connect(string? who) => Console.WriteLine("x" + who);
}
