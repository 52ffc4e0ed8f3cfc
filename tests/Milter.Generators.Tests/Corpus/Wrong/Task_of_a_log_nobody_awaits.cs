interface IAudit { Task NoteAsync(string text); }

[Milter]
partial class Filter(IAudit audit)
{
    [OnMail] void From(EnvelopeAddress from) => {|MILTER091:audit.NoteAsync(from.Address)|};

    [OnEom]
    Verdict End()
    {
        Finish();
        return Verdict.Continue;
    }

    private void Finish()
    {
        {|MILTER091:audit.NoteAsync("end")|};
    }
}
