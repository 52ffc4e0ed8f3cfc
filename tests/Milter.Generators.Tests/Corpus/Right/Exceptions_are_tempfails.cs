// a handler that throws, waived and not
//> EOM: TempFail
//> EOM: Accept
[Milter]
partial class Filter
{
    [OnHeader("X-Spam")] void Spam(HeaderField field) => throw new InvalidOperationException(field.ValueText);
    [OnEom] Verdict End() => Verdict.Accept;
}
