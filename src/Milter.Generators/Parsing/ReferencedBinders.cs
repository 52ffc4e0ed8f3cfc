using System.Runtime.CompilerServices;
using Microsoft.CodeAnalysis;
using Milter.Generators.Infrastructure;
using Milter.Generators.Model;

namespace Milter.Generators.Parsing;

/// <summary>The binders of references. Each reference is read once, and most of them, which don't know the runtime, only as far as the list of what they reference.</summary>
internal static class ReferencedBinders
{
    // References stay the same objects from one keystroke to the next; models hold nothing of a compilation.
    private static readonly ConditionalWeakTable<MetadataReference, StrongBox<EquatableArray<BinderModel>>> s_read = new();

    /// <param name="references">The references, in their order.</param>
    /// <param name="compilation">Has these references; asked only where one of them has to be read.</param>
    /// <param name="ct">Gives it up.</param>
    public static IEnumerable<BinderModel> Of(IEnumerable<MetadataReference> references, Lazy<Compilation> compilation, CancellationToken ct)
    {
        foreach (MetadataReference reference in references)
        {
            ct.ThrowIfCancellationRequested();
            foreach (BinderModel binder in Of(reference, compilation))
            {
                yield return binder;
            }
        }
    }

    private static EquatableArray<BinderModel> Of(MetadataReference reference, Lazy<Compilation> compilation)
    {
        if (reference is CompilationReference { Compilation: { } project })
        {
            return project.ReferencedAssemblyNames.Any(name => name.Name == RuntimeNames.RuntimeAssembly) ? Read(project.Assembly) : default;
        }

        if (!s_read.TryGetValue(reference, out StrongBox<EquatableArray<BinderModel>>? read))
        {
            bool knows = reference is PortableExecutableReference file && KnowsRuntime(file);
            read = s_read.GetValue(reference, _ => new StrongBox<EquatableArray<BinderModel>>(
                knows && compilation.Value.GetAssemblyOrModuleSymbol(reference) is IAssemblySymbol assembly ? Read(assembly) : default));
        }

        return read.Value;
    }

    private static EquatableArray<BinderModel> Read(IAssemblySymbol assembly) => assembly.GetAttributes()
        .Where(IsPublic)
        .Select(BindersParser.Read)
        .OfType<BinderModel>()
        .ToEquatableArray();

    private static bool KnowsRuntime(PortableExecutableReference file)
    {
        try
        {
            if (file.GetMetadata() is not AssemblyMetadata metadata)
            {
                return false;
            }

            System.Reflection.Metadata.MetadataReader reader = metadata.GetModules()[0].GetMetadataReader();
            return reader.AssemblyReferences.Any(name => reader.StringComparer.Equals(reader.GetAssemblyReference(name).Name, RuntimeNames.RuntimeAssembly));
        }
        catch (Exception error) when (error is IOException or BadImageFormatException or InvalidOperationException)
        {
            // The compiler says what is wrong with the file.
            return false;
        }
    }

    private static bool IsPublic(AttributeData attribute)
    {
        if (attribute.AttributeClass is not { TypeArguments.Length: 2 } pair)
        {
            return false;
        }

        for (ITypeSymbol? type = pair.TypeArguments[1]; type is not null; type = type.ContainingType)
        {
            if (type.DeclaredAccessibility != Accessibility.Public)
            {
                return false;
            }
        }

        return true;
    }
}
