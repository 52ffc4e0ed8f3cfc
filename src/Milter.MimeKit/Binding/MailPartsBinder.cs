using Microsoft.Extensions.Logging;
using Milter.Mime.Edits;
using Milter.Protocol;

namespace Milter.Mime.Binding;

/// <summary>Makes <see cref="MailParts"/> a parameter at the end of a message, and sends its edits out when the handlers have let the message pass.</summary>
[Needs(Headers = true, Body = true, HeaderSpace = true, Macros = ["i"], Actions = MilterActions.AddHeaders | MilterActions.ChangeHeaders | MilterActions.ChangeBody)]
public sealed class MailPartsBinder : IMessageBinder<MailPartsBinder, MailParts>
{
    // Below this, another thread costs more than it spares the other connections of this one.
    private const long InlineSize = 256 * 1024;

    /// <inheritdoc/>
    public static async ValueTask<MailParts> BindAsync(MessageBindingContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        if (!context.Body.IsAvailable)
        {
            return MailParts.TooLarge();
        }

        var options = (MailPartsOptions?)context.Services.GetService(typeof(MailPartsOptions));
        Stream message = context.OpenMessage();
        CancellationToken cancellation = context.CancellationToken;
        return message.Length <= InlineSize
            ? MailParts.Read(message, options, cancellation)
            : await Task.Run(() => MailParts.Read(message, options, cancellation), cancellation).ConfigureAwait(false);
    }

    /// <inheritdoc/>
    public static ValueTask<Verdict> CompleteAsync(MailParts value, MessageBindingContext context)
    {
        ArgumentNullException.ThrowIfNull(value);
        ArgumentNullException.ThrowIfNull(context);
        return ValueTask.FromResult(value.IsTooLarge ? Answer(value, context) : Send(value, context));
    }

    private static Verdict Answer(MailParts parts, MessageBindingContext context)
    {
        Verdict verdict = parts.WhenTooLarge;
        if (MimeLog.Of(context) is { } log && log.IsEnabled(LogLevel.Warning))
        {
            MimeLog.TooLarge(log, context.Connection.GetMacro("i"), MessageTooLargeException.Text, verdict == Verdict.Continue ? "passed on unseen" : "answered with " + verdict);
        }

        return verdict;
    }

    private static Verdict Send(MailParts parts, MessageBindingContext context)
    {
        MessageChange change = parts.Changes();
        if (change.IsEmpty)
        {
            return Verdict.Continue;
        }

        long bodyBegin = parts.Root.Source.Stream.Length - context.Body.Length;
        string? hindrance = change.Splices.Count > 0 && change.Splices[0].Begin < bodyBegin ? "Its header can't be told from its body, so that edits have no place."
            : (change.Fields.Count > 0 && context.HeaderEditor is null) || (change.Splices.Count > 0 && context.BodyEditor is null) ? "The MTA does not let the filter change header or body, which an edit needs."
            : null;
        ILogger? log = MimeLog.Of(context);
        if (hindrance is not null)
        {
            if (log is not null)
            {
                MimeLog.CannotEdit(log, context.Connection.GetMacro("i"), hindrance);
            }

            return Verdict.TempFail(451, "4.7.1", "The message can't be processed now");
        }

        if (change.Fields.Count > 0)
        {
            FieldChanges.Write(change.Fields, context.HeaderEditor!);
        }

        if (change.Splices.Count > 0)
        {
            BodyPieces.Write(Pieces(change.Splices, bodyBegin, parts.Root.Source.Stream.Length), bodyBegin, context.BodyEditor!);
        }

        if (parts.BrokenSignatures.Count > 0 && log is not null && log.IsEnabled(LogLevel.Information))
        {
            MimeLog.BreaksSignatures(log, context.Connection.GetMacro("i"), string.Join(", ", parts.BrokenSignatures));
        }

        return Verdict.Continue;
    }

    private static IEnumerable<BodyPiece> Pieces(IReadOnlyList<Splice> splices, long begin, long end)
    {
        foreach (Splice splice in splices)
        {
            yield return new BodyPiece(begin, splice.Begin, null);
            yield return new BodyPiece(0, 0, splice.Bytes);
            begin = splice.End;
        }

        yield return new BodyPiece(begin, end, null);
    }
}
