namespace Milter.Policy;

/// <summary>A store can't be used, for a reason that a postmaster can mend; the message says which and how.</summary>
public sealed class PolicyStoreException : Exception
{
    /// <summary>Makes one.</summary>
    /// <param name="message">What is wrong, and how to mend it.</param>
    /// <param name="innerException">What the store said.</param>
    public PolicyStoreException(string message, Exception? innerException = null)
        : base(message, innerException)
    {
    }

    /// <summary>Makes one without a reason; there should be one.</summary>
    public PolicyStoreException()
        : this("The store of policies can't be used.")
    {
    }

    /// <summary>Makes one.</summary>
    /// <param name="message">What is wrong, and how to mend it.</param>
    public PolicyStoreException(string message)
        : this(message, null)
    {
    }
}
