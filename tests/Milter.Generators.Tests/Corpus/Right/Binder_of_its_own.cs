// a parameter of the program's own type
//> EOM: InsertHeader X-Bound|Digest { Bytes = 10, Fields = 3 } Route { From = example.org/alice,\n To = 2 } True
//> EOM: InsertHeader X-Bound|Digest { Bytes = 10, Fields = 2 } Route { From = example.org/alice,\n To = 1 } True
[assembly: MessageBinder<Digest, DigestBinder>]
[assembly: MessageBinder<Route, RouteBinder>]

public sealed record Digest(long Bytes, int Fields);

public readonly record struct Route(string From, int To);

[Needs(Body = true, Headers = true)]
public sealed class DigestBinder : IMessageBinder<DigestBinder, Digest>
{
    public static async ValueTask<Digest> BindAsync(MessageBindingContext context)
    {
        await Task.Delay(1, context.CancellationToken);
        return new Digest(context.Body.Length, context.Headers.Count);
    }
}

[Needs(Envelope = true, Macros = ["{auth_authen}"])]
public sealed class RouteBinder : IMessageBinder<RouteBinder, Route>
{
    static ValueTask<Route> IMessageBinder<RouteBinder, Route>.BindAsync(MessageBindingContext context) =>
        new(new Route($"{context.Envelope.Sender.Domain}/{context.Connection.GetMacro("auth_authen")}", context.Envelope.Recipients.Count));
}

[Milter]
partial class Filter
{
    [PerMessage] private Digest? _first;

    [OnEoh] Verdict Headers(Route route, [Helo] ReadOnlySpan<byte> helo) => route.To == helo.Length ? Verdict.TempFail() : Verdict.Continue;
    [OnEom(Order = 1)] void First(Digest digest) => _first = digest;
    [OnEom(Order = 2)] void Second(HeaderAdder adder, Digest digest, Route route) => adder.Add("X-Bound", $"{digest} {route} {ReferenceEquals(_first, digest)}");
}
