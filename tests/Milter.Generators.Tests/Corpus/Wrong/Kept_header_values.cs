[Milter]
partial class Filter
{
    [PerSession] private HeaderValues? _subjects;
    [PerSession] private IReadOnlyList<EnvelopeAddress>? _recipients;

    [OnEom]
    Verdict End([Header("Subject")] HeaderValues subjects, MessageEnvelope envelope)
    {
        bool again = _subjects is { Count: > 0 } && _recipients is { Count: > 5 };
        _subjects = {|MILTER121:subjects|};
        _recipients = {|MILTER121:envelope.Recipients|};
        return again ? Verdict.TempFail() : Verdict.Continue;
    }
}
