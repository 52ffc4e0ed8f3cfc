[Milter]
partial class Filter
{
    [OnEom]
    Verdict End(Quarantine quarantine, [Header("Subject")] string? subject)
    {
        if (subject is null)
        {
            Suspect(quarantine);
            return {|MILTER185:Verdict.TempFail()|};
        }

        return Verdict.Continue;
    }

    private static void Suspect(Quarantine quarantine) => quarantine.Hold("no subject");
}
