namespace Milter;

/// <summary>A milter can't listen where it was told to.</summary>
/// <remarks>The message says what failed, where, and how to mend it; <see cref="Exception.InnerException"/> has the system's error where there is one.</remarks>
public sealed class MilterListenException : IOException
{
    /// <summary>What there is to say where the system has no descriptor left to give.</summary>
    internal const string NoDescriptor = "this process can open no more files and sockets. Raise its limit (ulimit -n, LimitNOFILE= of the service), or look for what holds so many (ls -l /proc/PID/fd).";

    /// <summary>Makes the exception without a message of its own.</summary>
    public MilterListenException()
    {
    }

    /// <summary>Makes the exception.</summary>
    /// <param name="message">What failed, where, and how to mend it.</param>
    public MilterListenException(string message)
        : base(message)
    {
    }

    /// <summary>Makes the exception with its cause.</summary>
    /// <param name="message">What failed, where, and how to mend it.</param>
    /// <param name="innerException">The system's error.</param>
    public MilterListenException(string message, Exception? innerException)
        : base(message, innerException)
    {
    }
}
