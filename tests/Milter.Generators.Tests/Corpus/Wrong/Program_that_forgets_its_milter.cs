Console.WriteLine("listening");
await Task.Delay(Timeout.Infinite);

[Milter]
partial class {|MILTER140:Filter|}
{
    [OnEom] Verdict End() => Verdict.Continue;
}
