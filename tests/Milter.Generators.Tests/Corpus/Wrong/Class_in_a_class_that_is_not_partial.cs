public static class {|MILTER001:Filters|}
{
    [Milter]
    internal sealed partial class Inner
    {
        [OnData] Verdict Data() => default;
    }
}
