namespace Milter;

/// <summary>Holds the message.</summary>
public sealed class Quarantine
{
}
