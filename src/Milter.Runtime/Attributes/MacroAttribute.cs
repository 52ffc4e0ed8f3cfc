namespace Milter;

/// <summary>Marks a parameter that takes a macro: a named value that the MTA tells (libmilter: <c>smfi_getsymval</c>).</summary>
/// <remarks>
/// The MTA is asked for it in the negotiation (<c>SMFIF_SETSYMLIST</c>), at the earliest stage where both Postfix and Sendmail have it, and it is remembered for the message or the session.
/// <see cref="string"/><c>?</c> is <see langword="null"/> and a span is empty where the MTA has not sent it.
/// </remarks>
/// <param name="name">The macro's name: one character (<c>i</c>), or a longer name in braces (<c>{auth_authen}</c>).</param>
[AttributeUsage(AttributeTargets.Parameter, AllowMultiple = false)]
public sealed class MacroAttribute(string name) : Attribute
{
    /// <summary>Gets the macro's name.</summary>
    public string Name { get; } = name;
}
