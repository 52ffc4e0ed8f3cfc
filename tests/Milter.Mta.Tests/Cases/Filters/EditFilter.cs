namespace Milter.Mta.Filters;

/// <summary>The editors of a message.</summary>
public sealed record Edits(HeaderEditor Headers, EnvelopeEditor Envelope, BodyEditor Body, Quarantine Quarantine);

/// <summary>Edits a message as the test says, by the means that filters are meant to use. Waits at EOM only.</summary>
[Milter]
public sealed partial class EditFilter(Func<Edits, Task<Verdict>> edit)
{
    /// <summary>A filter that edits and then lets pass.</summary>
    public static EditFilter Of(Action<Edits> edit) => new(edits =>
    {
        edit(edits);
        return Task.FromResult(Verdict.Continue);
    });

    [OnEom]
    private Task<Verdict> EndAsync(HeaderEditor headers, EnvelopeEditor envelope, BodyEditor body, Quarantine quarantine) =>
        edit(new Edits(headers, envelope, body, quarantine));
}
