namespace Milter;

/// <summary>Marks a parameter of an <c>[OnEoh]</c> or <c>[OnEom]</c> method that takes the value of one header field.</summary>
/// <remarks>
/// Only the named fields are kept, and no reply is needed for them. The topmost field of that name counts, and nothing tells that there are more. A message may carry
/// two <c>Subject</c> fields, and a mail program may show the other one: a filter that has to catch what readers see takes <see cref="MessageHeaders"/>, and looks at all.
/// <see cref="string"/><c>?</c> is <see langword="null"/> and a span is empty where the message has no such field.
/// </remarks>
/// <param name="name">The field's name, compared without case.</param>
[AttributeUsage(AttributeTargets.Parameter, AllowMultiple = false)]
public sealed class HeaderAttribute(string name) : Attribute
{
    /// <summary>Gets the field's name.</summary>
    public string Name { get; } = name;

    /// <summary>Gets or sets whether the value is unfolded and its encoded words (RFC 2047) are decoded. For <see cref="string"/> parameters only.</summary>
    /// <value><see langword="false"/> by default: the value as it was sent.</value>
    public bool Decoded { get; set; }
}
