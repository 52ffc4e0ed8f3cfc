namespace Milter;

/// <summary>Adds header fields to a message.</summary>
public sealed class HeaderAdder
{
}
