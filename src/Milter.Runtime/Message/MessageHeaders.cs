namespace Milter;

/// <summary>The header fields of a message.</summary>
public sealed class MessageHeaders
{
}
