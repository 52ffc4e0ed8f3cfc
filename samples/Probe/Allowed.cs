namespace Milter.Samples.Probe;

/// <summary>The verdicts that a stage has beyond the refusals.</summary>
[Flags]
internal enum Allowed
{
    None = 0,
    Accept = 1,
    Discard = 2,
    Skip = 4,
    OfMessage = Accept | Discard,
}
