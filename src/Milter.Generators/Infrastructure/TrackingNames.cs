namespace Milter.Generators.Infrastructure;

/// <summary>The names of the pipeline's steps that tests look at.</summary>
internal static class TrackingNames
{
    public const string Parsed = nameof(Parsed);
    public const string Binders = nameof(Binders);
    public const string ReferencedBinders = nameof(ReferencedBinders);
    public const string Milters = nameof(Milters);
}
