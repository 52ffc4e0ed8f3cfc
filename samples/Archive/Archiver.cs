using Milter;

namespace Samples.Archive;

/// <summary>Keeps a copy of each message that passes in a maildir, once by its queue id, and sends blind copies by rule. List it last, so that it sees what the others let pass.</summary>
/// <remarks>A message that can't be kept is put off: an archive with holes is none.</remarks>
[Milter]
internal sealed partial class Archiver(Maildir maildir, BlindCopyRules rules)
{
    private static readonly Verdict s_notKept = Verdict.TempFail(451, "4.3.0", "The message can't be archived now, try again later");

    [OnEom]
    private async ValueTask<Verdict> End(
        MessageEnvelope envelope, MessageHeaders headers, MessageBody body, EnvelopeEditor editor, MilterContext context, CancellationToken cancellationToken)
    {
        if (!body.IsAvailable)
        {
            return s_notKept;
        }

        try
        {
            // Without a queue id, which some MTAs do not tell, each message is one of its own.
            await maildir.WriteAsync(context.QueueId is { Length: > 0 } id ? id : $"{Guid.NewGuid():N}", envelope, headers, body, cancellationToken);
        }
        catch (IOException)
        {
            return s_notKept;
        }

        foreach (string copy in rules.CopiesFor(envelope))
        {
            editor.AddRecipient(copy);
        }

        return Verdict.Continue;
    }
}
