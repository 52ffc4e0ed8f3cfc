namespace Milter;

/// <summary>What there is to know about the connection and the message.</summary>
public sealed class MilterContext
{
}
