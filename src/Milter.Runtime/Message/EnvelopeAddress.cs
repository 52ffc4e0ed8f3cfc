namespace Milter;

/// <summary>An address of the envelope with its ESMTP arguments.</summary>
public sealed class EnvelopeAddress
{
}
