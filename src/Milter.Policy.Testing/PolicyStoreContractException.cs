namespace Milter.Policy.Testing;

/// <summary>A store does not keep the contract.</summary>
public sealed class PolicyStoreContractException : Exception
{
    /// <summary>Makes one.</summary>
    /// <param name="message">What was expected, and what happened.</param>
    public PolicyStoreContractException(string message)
        : base(message)
    {
    }

    /// <summary>Makes one without a reason; there should be one.</summary>
    public PolicyStoreContractException()
        : this("The store does not keep the contract.")
    {
    }

    /// <summary>Makes one.</summary>
    /// <param name="message">What was expected, and what happened.</param>
    /// <param name="innerException">What the store threw.</param>
    public PolicyStoreContractException(string message, Exception? innerException)
        : base(message, innerException)
    {
    }
}
