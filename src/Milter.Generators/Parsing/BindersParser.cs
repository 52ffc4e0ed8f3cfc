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
        .Concat(ReferencedBinders.Of(compilation.References, new Lazy<Compilation>(() => compilation), ct))
        .ToEquatableArray();

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
            | Flag(needs, "Body", CollectedFlags.Body)
            | Flag(needs, "Client", CollectedFlags.Connect)
            | Flag(needs, "Helo", CollectedFlags.Helo);
        return new BinderModel(
            CSharpText.Key(value),
            CSharpText.Key(binder),
            CSharpText.Short(value),
            collects,
            NeededActions.Of(needs) ?? ActionFlags.None,
            Macros(needs).ToEquatableArray(),
            needs?.Named("HeaderSpace", absent: false) == true);
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
}
