namespace Milter;

/// <summary>The body of a message.</summary>
public sealed class MessageBody
{
}
