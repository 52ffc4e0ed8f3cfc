using Milter.Protocol;
using MimeKit;

namespace Milter.Mime.Binding;

/// <summary>Makes MimeKit's <see cref="MimeMessage"/> a parameter at the end of a message. What handlers change in it goes out as the smallest set of changes; untouched, nothing does.</summary>
[Needs(Headers = true, Body = true, HeaderSpace = true, Macros = ["i"], Actions = MilterActions.AddHeaders | MilterActions.ChangeHeaders | MilterActions.ChangeBody)]
public sealed class MimeMessageBinder : IMessageBinder<MimeMessageBinder, MimeMessage>
{
    /// <inheritdoc/>
    public static async ValueTask<MimeMessage> BindAsync(MessageBindingContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        return (await context.GetAsync<MessageTreeBinder, MessageTree>().ConfigureAwait(false)).Message;
    }

    /// <inheritdoc/>
    public static async ValueTask<Verdict> CompleteAsync(MimeMessage value, MessageBindingContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        MessageTree tree = await context.GetAsync<MessageTreeBinder, MessageTree>().ConfigureAwait(false);
        var changes = new TreeChanges(tree);
        changes.Find();
        long bodyBegin = tree.Source.Length - context.Body.Length;
        bool isBodyOff = changes.Pieces.Any(piece => piece.Bytes is null && piece.Begin < bodyBegin);
        if (isBodyOff || (changes.Fields.Count > 0 && context.HeaderEditor is null) || (changes.Pieces.Count > 0 && context.BodyEditor is null))
        {
            if (MimeLog.Of(context) is { } log)
            {
                MimeLog.CannotEdit(log, context.Connection.GetMacro("i"), isBodyOff ? "Its header can't be told from its body, so that edits have no place." : "The MTA does not let the filter change header or body, which an edit needs.");
            }

            return Verdict.TempFail(451, "4.7.1", "The message can't be processed now");
        }

        if (changes.Fields.Count > 0)
        {
            FieldChanges.Write(changes.Fields, context.HeaderEditor!);
        }

        if (changes.Pieces.Count > 0)
        {
            BodyPieces.Write(changes.Pieces, bodyBegin, context.BodyEditor!);
        }

        return Verdict.Continue;
    }
}

/// <summary>Makes the tree, once a message.</summary>
internal sealed class MessageTreeBinder : IMessageBinder<MessageTreeBinder, MessageTree>
{
    public static ValueTask<MessageTree> BindAsync(MessageBindingContext context)
    {
        if (!context.Body.IsAvailable)
        {
            if (MimeLog.Of(context) is { } log)
            {
                MimeLog.TooLarge(log, context.Connection.GetMacro("i"), MessageTooLargeException.Text, "answered as one whose handler failed");
            }

            throw new MessageTooLargeException();
        }

        return ValueTask.FromResult(MessageTree.Read(context.OpenMessage(), context.CancellationToken));
    }
}
