namespace Milter.Mime;

/// <summary>There is no tree of the message, because its body is larger than <c>MaxBodySize</c> and was not kept.</summary>
/// <remarks>A handler that takes a <c>MimeMessage</c> is not called then, and the message is answered as one whose handler threw: put off by default. A handler that is to decide takes <see cref="MailParts"/>.</remarks>
public sealed class MessageTooLargeException : Exception
{
    /// <summary>Makes the exception with its usual message.</summary>
    public MessageTooLargeException()
        : this(Text)
    {
    }

    /// <summary>Makes the exception.</summary>
    /// <param name="message">What is wrong.</param>
    public MessageTooLargeException(string message)
        : base(message)
    {
    }

    /// <summary>Makes the exception.</summary>
    /// <param name="message">What is wrong.</param>
    /// <param name="innerException">What led to it.</param>
    public MessageTooLargeException(string message, Exception innerException)
        : base(message, innerException)
    {
    }

    internal const string Text = "The body is larger than the option MaxBodySize and was not kept, so that its parts can't be looked at. Set MaxBodySize above the MTA's message_size_limit.";
}
