[Milter]
partial class Filter
{
    [PerMessage] private string? _subject;

    [OnHeader("Subject")] void Subject(HeaderField field) => _subject = field.DecodedValue;

    [OnEoh]
    Verdict Eoh([Header("From")] HeaderValues from)
    {
        foreach (string one in from)
        {
            if (one.Contains("casino", StringComparison.OrdinalIgnoreCase))
            {
                return Verdict.Reject(550, "5.7.1", $"No mail from {{|MILTER095:one|}}");
            }
        }

        return from.Count > 1 ? No({|MILTER095:from[0]|}) : Verdict.Continue;
    }

    [OnEom]
    Verdict End(MessageHeaders headers)
    {
        string? list = headers["List-Id"];
        string why = list ?? "none";
        if (list is { Length: > 100 })
        {
            return Late({|MILTER095:why|});
        }

        return _subject is { Length: > 3 } ? Verdict.Reject(550, "5.7.1", "No: " + {|MILTER095:_subject|}) : Verdict.Continue;

        static Verdict Late(string text) => Verdict.TempFail(451, "4.7.1", $"Later: {text}");
    }

    private static Verdict No(string who) => Verdict.Reject(550, "5.7.1", "Not from " + who);
}
