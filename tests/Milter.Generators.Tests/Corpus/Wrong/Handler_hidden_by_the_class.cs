public abstract class Shared
{
    [OnMail] protected virtual void Mail(string from) { }
}

[Milter]
public partial class Filter : Shared
{
    public void {|MILTER026:Mail|}(string from, int more = 0) { }
}
