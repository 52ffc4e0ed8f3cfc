// the base is generic over a service
//> EOM: InsertHeader X-Type|List`1
//> EOM: InsertHeader X-Type|List`1
public abstract class With<T>(T value)
    where T : notnull
{
    protected T Value { get; } = value;

    [OnEom] protected void End(HeaderAdder adder) => adder.Add("X-Type", typeof(T).Name);
}

[Milter]
partial class Filter(List<string> words) : With<List<string>>(words)
{
    [OnMail] Verdict From() => Value.Contains("lottery") ? Verdict.Continue : Verdict.TempFail();
}
