// a binder that sends its value's changes itself
//> EOM: ChangeHeader Subject|[EXTERNAL] Hello
//> EOM: ChangeHeader Subject|[EXTERNAL] Again
[assembly: MessageBinder<Subject, SubjectBinder>]

public sealed class Subject(string? text, HeaderEditor? editor)
{
    public void Tag(string tag) => editor?.Set("Subject", $"[{tag}] {text}");
}

[Needs(Headers = true, Actions = MilterActions.AddHeaders | MilterActions.ChangeHeaders)]
public readonly struct SubjectBinder : IMessageBinder<SubjectBinder, Subject>
{
    public static ValueTask<Subject> BindAsync(MessageBindingContext context) => new(new Subject(context.Headers["Subject"], context.HeaderEditor));
}

[Milter]
partial class Filter
{
    [OnEom] void End(Subject? subject) => subject?.Tag("EXTERNAL");
}
