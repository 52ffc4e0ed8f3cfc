using Microsoft.CodeAnalysis;
using Milter.Generators.Model;

namespace Milter.Generators.Parsing;

/// <summary>Reads the actions of a <c>[Needs]</c>, which may be its argument or named, and says whether a capability can use them.</summary>
internal static class NeededActions
{
    private static readonly string[] s_ofBinders = ["Envelope", "Headers", "Body", "Macros", "Client", "Helo", "HeaderSpace"];

    /// <summary>The actions that a filter can send to change a message.</summary>
    public static ActionFlags? Of(AttributeData? needs) => All(needs) & ActionGroups.Edits;

    /// <summary>Says what is wrong with a <c>[Needs]</c> on a parameter, or <see langword="null"/> where nothing is.</summary>
    public static string? WhyNot(AttributeData needs, ActionFlags usable)
    {
        if (needs.NamedArguments.Select(argument => argument.Key).FirstOrDefault(s_ofBinders.Contains) is { } name)
        {
            return $"says {name}, which counts on a binder's class only (a handler takes what it reads as a parameter)";
        }

        return All(needs) switch
        {
            null or ActionFlags.None => "names no action",
            { } actions when (actions & ~usable) is var others and not ActionFlags.None => $"names {Shown(others)}, of which it makes no use",
            _ => null,
        };
    }

    public static string Shown(ActionFlags actions) => (actions & ~ActionFlags.All) == 0
        ? string.Join(", ", ActionGroups.Each(actions))
        : $"0x{(uint)actions:x}";

    private static ActionFlags? All(AttributeData? needs)
    {
        if (needs is null)
        {
            return null;
        }

        TypedConstant named = needs.NamedArguments.FirstOrDefault(argument => argument.Key == "Actions").Value;
        TypedConstant given = named.Kind == TypedConstantKind.Enum ? named : needs.ConstructorArguments.FirstOrDefault();
        return given is { Kind: TypedConstantKind.Enum, Value: uint mask } ? (ActionFlags)mask : null;
    }
}
