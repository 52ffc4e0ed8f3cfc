// replies of words that only look as if a sender had chosen them
[Milter]
partial class Filter
{
    private const string Help = "see https://example.org/help?id=1%20";
    private static readonly Verdict s_two = Verdict.Reject(550, "5.7.1", "Not here:", Help);

    [OnRcpt]
    Verdict To(EnvelopeAddress to, MessageEnvelope envelope)
    {
        string who = to.Address, count = envelope.Recipients.Count.ToString(System.Globalization.CultureInfo.InvariantCulture);
        return who.Length > 200 ? Verdict.Reject(550, "5.1.1", $"<{who}>: nobody of that name; {count} before") : to.IsNull ? s_two : Verdict.Continue;
    }

    [OnEom]
    Verdict End([Header("X-Virus-Name")] HeaderValues names, [Header("Subject", Decoded = true)] string? subject)
    {
        string kind = subject switch
        {
            null => "no subject",
            { Length: > 900 } => "a long subject",
            _ => "a subject",
        };
        int length = subject?.Length ?? 0;
        return names.Count > 3
            ? Verdict.Reject(550, "5.7.1", $"{names.Count} names, {kind}, {length} letters", string.Join(' ', "a", "b"))
            : length > 900 ? Verdict.TempFail(451, "4.7.1", "It has " + kind) : Verdict.Continue;
    }
}
