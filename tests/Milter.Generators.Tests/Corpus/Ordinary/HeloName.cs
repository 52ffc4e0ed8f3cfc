using Milter;

namespace Ordinary.HeloName;

[Milter]
public sealed partial class Filter
{
    private static readonly Verdict s_noName = Verdict.Reject(550, "5.7.1", "HELO with a full name, please");

    [OnMail]
    private static Verdict From([Helo] string? helo, Authentication? login) =>
        login is null && (helo is null || !helo.Contains('.')) ? s_noName : Verdict.Continue;
}
