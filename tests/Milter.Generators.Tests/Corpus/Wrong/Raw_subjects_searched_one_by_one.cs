using System.Linq;
using System.Text.RegularExpressions;

[Milter]
partial class Filter
{
    [OnEom]
    Verdict End([Header("Subject")] HeaderValues subjects, MessageHeaders headers)
    {
        foreach (string subject in subjects)
        {
            if ({|MILTER171:subject.Contains("glückwunsch", StringComparison.OrdinalIgnoreCase)|})
            {
                return Verdict.Reject();
            }
        }

        string? from = headers["From"];
        if (subjects.Any(subject => {|MILTER171:subject.StartsWith("Überweisung")|}) || (from is not null && {|MILTER171:Regex.IsMatch(from, "Müller")|}))
        {
            return Verdict.TempFail();
        }

        return {|MILTER171:headers.GetAll("Comments")[0] == "für Sie"|} ? Verdict.Discard : Verdict.Continue;
    }
}
