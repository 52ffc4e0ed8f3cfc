// values of binders from MAIL on, one object a message; optional value types; the client and its HELO name
//> RCPT: Reject
//> EOM: InsertHeader X-Visit|192.0.2.1 client.example.org example.org: 1 open, at MAIL, Mail,\n Rcpt, Rcpt, at DATA, Data, Hello, Header, spam 3, Header, once, Body, Body,\n level 3 3
//> EOM: InsertHeader X-Visit|192.0.2.1 client.example.org example.org: 1 open, at MAIL, Mail,\n Rcpt, at DATA, Data, Again, Header, once, Body, Body, level 2 2
[assembly: MessageBinder<Visit, VisitBinder>]
[assembly: MessageBinder<Level, LevelBinder>]

public sealed class Visit(string client) : IDisposable
{
    public static int Open { get; private set; }

    public string Client { get; } = client;

    public bool Refuses { get; set; }

    public List<string> Stages { get; } = [$"{++Open} open"];

    public void Dispose() => Open--;
}

public readonly record struct Level(int Value);

[Needs(Client = true, Helo = true, Envelope = true)]
public sealed class VisitBinder : IMessageBinder<VisitBinder, Visit>
{
    public static ValueTask<Visit> BindAsync(MessageBindingContext context) => new(new Visit($"{context.Client.Address} {context.Helo} {context.Envelope.Sender.Domain}"));

    public static ValueTask<Verdict> CompleteAsync(Visit value, MessageBindingContext context)
    {
        value.Stages.Add(context.Stage.ToString());
        return context.Stage == MilterStages.Rcpt && value.Refuses ? new(Verdict.Reject()) : default;
    }
}

[Needs(Headers = true, Actions = MilterActions.ChangeBody)]
public sealed class LevelBinder : IMessageBinder<LevelBinder, Level>
{
    public static ValueTask<Level> BindAsync(MessageBindingContext context) => new(new Level(context.Headers.Count));
}

[Milter]
partial class Filter
{
    [OnMail] void Mail(Visit visit) => visit.Stages.Add("at MAIL");
    [OnRcpt] Verdict To(EnvelopeAddress recipient, Visit visit)
    {
        visit.Refuses = recipient.Is("carol@example.com");
        return recipient.Is("nobody@example.net") ? Verdict.Reject() : Verdict.Continue;
    }

    [OnData] async Task Data(Visit visit)
    {
        await Task.Yield();
        visit.Stages.Add("at DATA");
    }

    [OnHeader("Subject")] void Subject(string value, Visit visit) => visit.Stages.Add(value);
    [OnHeader("X-Spam")] void Spam(Visit visit, ReadOnlySpan<byte> value) => visit.Stages.Add($"spam {value.Length}");
    [OnBody(Order = 1)] Verdict Once(Visit visit) { visit.Stages.Add("once"); return Verdict.Skip; }
    [OnBody(Order = 2)] Verdict Each(ReadOnlySpan<byte> chunk, Visit visit) => chunk.IsEmpty ? Verdict.Reject() : Verdict.Continue;
    [OnEom(Order = 1)] void Count(Level? level, Visit visit) => visit.Stages.Add($"level {level?.Value}");
    [OnEom(Order = 2)] void End(Level level, Visit visit, HeaderAdder adder) => adder.Add("X-Visit", $"{visit.Client}: {string.Join(", ", visit.Stages)} {level.Value}");
}
