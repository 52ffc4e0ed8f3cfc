namespace Milter.Testing;

/// <summary>A filter did something else than the test expects. Every test framework reports it as a failure.</summary>
public sealed class MilterAssertionException : Exception
{
    /// <summary>Makes the exception without a message of its own.</summary>
    public MilterAssertionException()
    {
    }

    /// <summary>Makes the exception.</summary>
    /// <param name="message">What was expected and what happened.</param>
    public MilterAssertionException(string message)
        : base(message)
    {
    }

    /// <summary>Makes the exception with its cause.</summary>
    /// <param name="message">What was expected and what happened.</param>
    /// <param name="innerException">What it comes from.</param>
    public MilterAssertionException(string message, Exception? innerException)
        : base(message, innerException)
    {
    }
}
