namespace Milter;

/// <summary>A filter takes a service that the program does not have. Thrown at the start; later every message would be refused for now.</summary>
/// <remarks>Looked at are the parameters of the constructor and those marked with <see cref="FromServicesAttribute"/> that are neither nullable nor optional. What services need in their turn is the container's to check (<c>ValidateOnBuild</c>).</remarks>
public sealed class MilterServiceException : InvalidOperationException
{
    /// <summary>Initializes a new instance of the <see cref="MilterServiceException"/> class.</summary>
    public MilterServiceException()
    {
    }

    /// <summary>Initializes a new instance of the <see cref="MilterServiceException"/> class.</summary>
    /// <param name="message">Which are missing, who takes them, and how to add them; a line each.</param>
    public MilterServiceException(string message)
        : base(message)
    {
    }

    /// <summary>Initializes a new instance of the <see cref="MilterServiceException"/> class.</summary>
    /// <param name="message">Which are missing, who takes them, and how to add them; a line each.</param>
    /// <param name="innerException">What is behind it.</param>
    public MilterServiceException(string message, Exception innerException)
        : base(message, innerException)
    {
    }
}
