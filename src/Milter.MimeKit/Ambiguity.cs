namespace Milter.Mime;

/// <summary>A reason why readers may disagree about a message.</summary>
/// <param name="Kind">The kind, for policies.</param>
/// <param name="Path">The <see cref="MailPart.Path"/> of the part.</param>
/// <param name="Reason">What it is, in words; holds what a sender wrote.</param>
public sealed record Ambiguity(AmbiguityKind Kind, string Path, string Reason)
{
    /// <summary>Gets path and reason.</summary>
    /// <returns>Such as <c>1.2: the names disagree</c>.</returns>
    public override string ToString() => $"{Path}: {Reason}";
}
