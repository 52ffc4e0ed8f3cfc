namespace Milter;

/// <summary>The raw actions.</summary>
public sealed class MessageActions
{
}
