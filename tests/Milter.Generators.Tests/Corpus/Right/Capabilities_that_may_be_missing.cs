// nice to have
//> EOM: InsertHeader X-Quarantine|True
//> EOM: InsertHeader X-Quarantine|True
[Milter]
partial class Filter
{
    [OnEom]
    void End([Needs(MilterActions.AddHeaders)] HeaderEditor? headers, Quarantine? quarantine, Progress? progress)
    {
        progress?.Report();
        headers?.Append("X-Quarantine", $"{quarantine is not null}");
    }
}
