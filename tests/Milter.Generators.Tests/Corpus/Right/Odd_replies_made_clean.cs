// words of others in a reply, made fit for it
using System.Linq;
using System.Text.RegularExpressions;

[Milter]
partial class Filter
{
    [PerMessage] private string? _why;

    [OnHeader("X-Reason")] void Reason(HeaderField field) => _why = Clean(field.DecodedValue);

    [OnEoh]
    Verdict Eoh([Header("Subject", Decoded = true)] HeaderValues subjects)
    {
        string? word = new[] { "lottery", "casino" }.FirstOrDefault(word => subjects.Any(subject => subject.Contains(word, StringComparison.OrdinalIgnoreCase)));
        if (word is not null)
        {
            return Verdict.Reject(550, "5.7.1", $"No {word} here, {subjects.Count} fields");
        }

        return subjects.Count > 10 ? Verdict.RejectCleaned(550, "5.7.1", string.Join('|', subjects)) : Verdict.Continue;
    }

    [OnEom]
    Verdict End([Header("X-Number")] string? number, [Header("X-Class")] string? kind, MessageHeaders headers)
    {
        if (int.TryParse(number, out int n) && n > 1000)
        {
            return Verdict.Reject(550, "5.7.1", $"{n} is too many, of {headers["Subject"]?.Length}");
        }

        if (Enum.TryParse(kind, out DayOfWeek day) && day == DayOfWeek.Sunday)
        {
            return Verdict.TempFail(451, "4.7.1", $"Not on {day}");
        }

        if (kind is "virus" or "worm")
        {
            return Verdict.Reject(550, "5.7.1", $"It has a {kind}");
        }

        string safe = Regex.Replace(headers.Decoded("From") ?? "", "[^ -~]", "?");
        return _why is not null ? Verdict.Reject(550, "5.7.1", $"{_why}: {safe[..Math.Min(safe.Length, 40)]}") : Verdict.Continue;
    }

    private static string Clean(string text) => new([.. text.Where(c => c is >= ' ' and <= '~').Take(100)]);
}
