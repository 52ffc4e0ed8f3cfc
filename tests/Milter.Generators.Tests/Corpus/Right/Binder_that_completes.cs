// changes of a value go out when the handlers have let the message pass, and not where they refuse it
//> EOM: InsertHeader X-Note|for Hello
//> EOM: Accept
//> EOM: Reject
[assembly: MessageBinder<Draft, DraftBinder>]

public sealed class Draft
{
    public string? Note { get; set; }
}

[Needs(Actions = MilterActions.AddHeaders)]
public sealed class DraftBinder : IMessageBinder<DraftBinder, Draft>
{
    public static ValueTask<Draft> BindAsync(MessageBindingContext context) => new(new Draft());

    static async ValueTask<Verdict> IMessageBinder<DraftBinder, Draft>.CompleteAsync(Draft value, MessageBindingContext context)
    {
        await Task.Yield();
        if (value.Note is { } note)
        {
            context.HeaderEditor!.Append("X-Note", note);
        }

        return Verdict.Continue;
    }
}

[Milter]
partial class Filter
{
    [OnEom(Order = 1)] Verdict First(Draft draft, [Header("Subject")] string? subject)
    {
        draft.Note = "for " + subject;
        return subject == "Hello" ? Verdict.Accept : Verdict.Continue;
    }

    [OnEom(Order = 2)] Verdict Second(Draft draft) => draft.Note is null ? Verdict.Continue : Verdict.Reject();
}
