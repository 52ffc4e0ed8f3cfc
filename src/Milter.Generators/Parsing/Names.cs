using Milter.Generators.Model;

namespace Milter.Generators.Parsing;

/// <summary>Says what can be the name of a header field or a macro.</summary>
internal static class Names
{
    /// <summary>Says why a text can't be a field name (RFC 5322, section 3.6.8), or <see langword="null"/> where it can.</summary>
    public static string? WhyNoHeader(string? name) => name switch
    {
        null or "" => "it is empty",
        _ when name[name.Length - 1] == ':' => "the colon is not part of the name",
        _ when name.Any(c => c is < '!' or > '~' or ':') => "a name has visible ASCII characters, and no space or colon",
        _ => null,
    };

    /// <summary>Says why a text can't be a macro's name, or <see langword="null"/> where it can.</summary>
    public static string? WhyNoMacro(string? name) =>
        MacroInfo.Canonical(name) is null ? "a name is one character, or several in braces, without spaces" : null;
}
