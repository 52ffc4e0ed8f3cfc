namespace Milter.Testing;

/// <summary>How a filter's answers differ from the recorded ones.</summary>
/// <param name="Difference">The difference of the conversations in the form of <c>diff -u</c>; empty when there is none.</param>
/// <param name="Log">What was logged.</param>
public sealed record ReplayResult(string Difference, IReadOnlyList<TestLogEntry> Log)
{
    /// <summary>Gets a value indicating whether every answer was as recorded.</summary>
    public bool IsSame => Difference.Length == 0;

    /// <summary>Expects that every answer was as recorded.</summary>
    /// <exception cref="MilterAssertionException">One was not.</exception>
    public void AssertSame()
    {
        if (!IsSame)
        {
            throw new MilterAssertionException($"The filter does not answer as recorded.\n--- recorded\n+++ replayed\n{Difference}");
        }
    }
}
