using Microsoft.CodeAnalysis;
using Milter.Generators.Infrastructure;
using Milter.Generators.Model;

namespace Milter.Generators.Parsing;

/// <summary>Reads <c>[assembly: MessageBinder&lt;TValue, TBinder&gt;]</c> and what the binders need.</summary>
internal static class BindersParser
{
    /// <summary>All binders that code of a compilation can use: its own first, then those of references in their order.</summary>
    public static EquatableArray<BinderModel> Of(Compilation compilation, CancellationToken ct) => compilation.Assembly.GetAttributes()
        .Select(Read)
        .OfType<BinderModel>()
        .Concat(OfReferences(compilation, ct))
        .ToEquatableArray();

    public static IEnumerable<BinderModel> OfReferences(Compilation compilation, CancellationToken ct)
    {
        foreach (MetadataReference reference in compilation.References)
        {
            ct.ThrowIfCancellationRequested();
            if (compilation.GetAssemblyOrModuleSymbol(reference) is not IAssemblySymbol assembly || !KnowsRuntime(assembly))
            {
                continue;
            }

            foreach (AttributeData attribute in assembly.GetAttributes())
            {
                if (Read(attribute) is { } binder && IsPublic(attribute))
                {
                    yield return binder;
                }
            }
        }
    }

    /// <summary>Reads one attribute, or gives <see langword="null"/> where it is another one, or its types are unknown.</summary>
    public static BinderModel? Read(AttributeData attribute)
    {
        if (attribute.AttributeClass is not { TypeArguments.Length: 2 } type
            || !type.Is(RuntimeNames.BinderAttribute)
            || type.TypeArguments[0] is not { TypeKind: not TypeKind.Error } value
            || type.TypeArguments[1] is not INamedTypeSymbol { TypeKind: not TypeKind.Error } binder)
        {
            return null;
        }

        AttributeData? needs = binder.Attribute(RuntimeNames.NeedsAttribute);
        CollectedFlags collects = Flag(needs, "Envelope", CollectedFlags.Sender | CollectedFlags.Recipients)
            | Flag(needs, "Headers", CollectedFlags.Headers)
            | Flag(needs, "Body", CollectedFlags.Body);
        return new BinderModel(
            CSharpText.Key(value),
            CSharpText.Key(binder),
            CSharpText.Short(value),
            collects,
            NeededActions.Of(needs) ?? ActionFlags.None,
            Macros(needs).ToEquatableArray());
    }

    private static CollectedFlags Flag(AttributeData? needs, string name, CollectedFlags flag) =>
        needs?.Named(name, absent: false) == true ? flag : CollectedFlags.None;

    private static IEnumerable<string> Macros(AttributeData? needs)
    {
        TypedConstant names = needs?.NamedArguments.FirstOrDefault(argument => argument.Key == "Macros").Value ?? default;
        return names is { Kind: TypedConstantKind.Array, IsNull: false }
            ? names.Values.Select(value => MacroInfo.Canonical(value.Value as string)).OfType<string>()
            : [];
    }

    private static bool KnowsRuntime(IAssemblySymbol assembly) => assembly.Modules.Any(module =>
        module.ReferencedAssemblies.Any(name => string.Equals(name.Name, RuntimeNames.RuntimeAssembly, StringComparison.OrdinalIgnoreCase)));

    private static bool IsPublic(AttributeData attribute)
    {
        for (ITypeSymbol? type = attribute.AttributeClass!.TypeArguments[1]; type is not null; type = type.ContainingType)
        {
            if (type.DeclaredAccessibility != Accessibility.Public)
            {
                return false;
            }
        }

        return true;
    }
}
