namespace Milter.Conformance.Tests.Wire;

/// <summary>The filter did not do what the protocol lets an MTA expect.</summary>
internal sealed class FilterException : Exception
{
    public FilterException(string message)
        : base(message)
    {
    }

    public FilterException(string message, Exception inner)
        : base(message, inner)
    {
    }

    public FilterException()
    {
    }
}
