using System.Text;
using Milter;
using Milter.Mta.Filters;
using Milter.Mta.Tests;
using Milter.Protocol;

[assembly: MessageBinder<WholeMessage, WholeMessageBinder>]

namespace Milter.Mta.Filters;

/// <summary>A message as it came, whose footer is added when the handlers have let it pass.</summary>
public sealed class WholeMessage(MessageBindingContext context, string visit)
{
    public string Visit => visit;

    public string? Footer { get; set; }

    public string Read()
    {
        using var reader = new StreamReader(context.OpenMessage(), Encoding.Latin1);
        return reader.ReadToEnd();
    }

    public string ReadEdited()
    {
        using var reader = new StreamReader(context.OpenEditedMessage(out string? unforeseen), Encoding.Latin1);
        Assert.Null(unforeseen);
        return reader.ReadToEnd();
    }
}

/// <summary>Makes it.</summary>
[Needs(Actions = MilterActions.ChangeBody, Headers = true, Body = true, HeaderSpace = true, Client = true, Helo = true)]
public sealed class WholeMessageBinder : IMessageBinder<WholeMessageBinder, WholeMessage>
{
    public static ValueTask<WholeMessage> BindAsync(MessageBindingContext context) => new(new WholeMessage(context, $"{context.Client.Address} {context.Helo} {context.HasHeaderSpace}"));

    public static ValueTask<Verdict> CompleteAsync(WholeMessage message, MessageBindingContext context)
    {
        if (message.Footer is { } footer)
        {
            context.BodyEditor!.AppendOriginal();
            context.BodyEditor.Append(footer);
        }

        return default;
    }
}

/// <summary>Notes what it sees of a message, whole and field by field, and edits it as the test says.</summary>
[Milter]
public sealed partial class WholeMessageFilter(Journal journal, Action<WholeMessage, HeaderEditor> edit)
{
    [OnHeader("X-Space")]
    private void Field(string value) => journal.Add($"[{value}]");

    [OnEom]
    private void End(WholeMessage message, MessageHeaders headers, HeaderEditor editor)
    {
        journal.Add($"[{headers["X-Space"]}] {message.Visit}");
        journal.Add(message.Read());
        edit(message, editor);
        journal.Add(message.ReadEdited());
    }
}
