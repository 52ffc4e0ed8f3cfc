public abstract class Shared
{
    protected int Count;

    [OnMail] protected void Mail() => {|MILTER110:Count|} += 1;
}

[Milter]
public partial class Filter : Shared
{
    [OnRcpt] void To() => Count++;
}
