// names that generated code uses itself
//> EOM: InsertHeader X-Step|example.org
//> EOM: InsertHeader X-Step|example.org
[Milter]
partial class Filter
{
    [PerMessage] private string? step;
    [PerMessage] private Verdict verdict;

    [OnMail] void OnMail(EnvelopeAddress step) => this.step = step.Domain;

    [OnRcpt] Verdict Create(MilterContext services) => verdict;

    [OnEom] Verdict Descriptor(HeaderAdder bound0)
    {
        bound0.Add("X-Step", step ?? "");
        return verdict;
    }
}
