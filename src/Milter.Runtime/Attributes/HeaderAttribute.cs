namespace Milter;

/// <summary>Marks a parameter of an <c>[OnEoh]</c> or <c>[OnEom]</c> method that takes the value of one header field, or as <see cref="HeaderValues"/> those of all fields of that name.</summary>
/// <remarks>
/// Only the named fields are kept, and no reply is needed for them. For <see cref="string"/> and a span the topmost field of that name counts, and nothing tells that there are more. A message may carry
/// two <c>Subject</c> fields, and a mail program may show the other one: a filter that has to catch what readers see takes <see cref="HeaderValues"/>, and looks at all.
/// <see cref="string"/><c>?</c> is <see langword="null"/>, a span is empty and <see cref="HeaderValues"/> has no values where the message has no such field.
/// </remarks>
/// <param name="name">The field's name, compared without case.</param>
[AttributeUsage(AttributeTargets.Parameter, AllowMultiple = false)]
public sealed class HeaderAttribute(string name) : Attribute
{
    /// <summary>Gets the field's name.</summary>
    public string Name { get; } = name;

    /// <summary>Gets or sets whether the value is unfolded and its encoded words (RFC 2047) are decoded. For <see cref="string"/> and <see cref="HeaderValues"/>.</summary>
    /// <value><see langword="false"/> by default: the value as it was sent.</value>
    public bool Decoded { get; set; }
}
