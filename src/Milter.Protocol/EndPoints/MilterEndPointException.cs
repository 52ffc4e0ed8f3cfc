namespace Milter;

/// <summary>An endpoint is written in a way that means nothing, or more than one thing.</summary>
/// <remarks>The message says what is wrong with it, how it was probably meant, and which spellings there are.</remarks>
public sealed class MilterEndPointException : FormatException
{
    /// <summary>Makes the exception without a message of its own.</summary>
    public MilterEndPointException()
    {
    }

    /// <summary>Makes the exception.</summary>
    /// <param name="message">What is wrong, and what is allowed.</param>
    public MilterEndPointException(string message)
        : base(message)
    {
    }

    /// <summary>Makes the exception with its cause.</summary>
    /// <param name="message">What is wrong, and what is allowed.</param>
    /// <param name="innerException">What it comes from.</param>
    public MilterEndPointException(string message, Exception innerException)
        : base(message, innerException)
    {
    }
}
