[Milter]
partial class Filter
{
    [OnEom]
    void End(EnvelopeEditor envelope)
    {
        envelope.AddRecipient({|MILTER179:"ann@example.org, bob@example.org"|});
        envelope.AddRecipient("archive");
        envelope.RemoveRecipient("Bob <bob@example.org>");
    }
}
