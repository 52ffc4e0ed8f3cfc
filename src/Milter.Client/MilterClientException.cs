using Milter.Protocol;

namespace Milter.Client;

/// <summary>A filter could not be consulted, or not to the end. The connection can't be used any more.</summary>
/// <remarks>What becomes of the mail then is the server's policy: most answer 451 and let the client try again.</remarks>
public sealed class MilterClientException : IOException
{
    /// <summary>Makes the exception without a message of its own.</summary>
    public MilterClientException()
    {
    }

    /// <summary>Makes the exception.</summary>
    /// <param name="message">What has happened.</param>
    public MilterClientException(string message)
        : base(message)
    {
    }

    /// <summary>Makes the exception with its cause.</summary>
    /// <param name="message">What has happened.</param>
    /// <param name="innerException">What it comes from.</param>
    public MilterClientException(string message, Exception? innerException)
        : base(message, innerException)
    {
    }

    internal MilterClientException(MilterClientError error, MilterCommand? step, string message, Exception? innerException = null, byte[]? received = null)
        : base(message, innerException)
    {
        Error = error;
        Step = step;
        Received = received;
    }

    /// <summary>Gets what kind of failure it is.</summary>
    public MilterClientError Error { get; } = MilterClientError.Closed;

    /// <summary>Gets the step at which it happened; <see langword="null"/> before the negotiation.</summary>
    public MilterCommand? Step { get; }

    /// <summary>Gets the offending frame of a <see cref="MilterClientError.Protocol"/> error, from its code byte on, as far as it was read.</summary>
    public ReadOnlyMemory<byte> Received { get; }
}
