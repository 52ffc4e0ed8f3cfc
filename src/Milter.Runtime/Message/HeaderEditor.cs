namespace Milter;

/// <summary>Changes the header of a message.</summary>
public sealed class HeaderEditor
{
}
