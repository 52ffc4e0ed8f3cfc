using Microsoft.CodeAnalysis;
using Milter.Generators.Model;

namespace Milter.Generators.Parsing;

/// <summary>Reads the actions of a <c>[Needs]</c>, which may be its argument or named.</summary>
internal static class NeededActions
{
    public static ActionFlags? Of(AttributeData? needs)
    {
        if (needs is null)
        {
            return null;
        }

        TypedConstant named = needs.NamedArguments.FirstOrDefault(argument => argument.Key == "Actions").Value;
        TypedConstant given = named.Kind == TypedConstantKind.Enum ? named : needs.ConstructorArguments.FirstOrDefault();
        return given is { Kind: TypedConstantKind.Enum, Value: uint mask } ? (ActionFlags)mask & ActionFlags.Edits : null;
    }
}
