namespace Milter;

/// <summary>Changes sender and recipients.</summary>
public sealed class EnvelopeEditor
{
}
