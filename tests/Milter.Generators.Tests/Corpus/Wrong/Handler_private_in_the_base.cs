public abstract class Shared
{
    [OnHelo] private void {|MILTER023:Greet|}(string name) { }
}

[Milter]
public partial class Filter : Shared { }
