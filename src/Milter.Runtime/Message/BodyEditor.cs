namespace Milter;

/// <summary>Replaces the body.</summary>
public sealed class BodyEditor
{
}
