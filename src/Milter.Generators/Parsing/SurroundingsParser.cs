using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Milter.Generators.Diagnostics;
using Milter.Generators.Infrastructure;

namespace Milter.Generators.Parsing;

/// <summary>Says whether code can be generated into this project at all. Where not, that is said first and alone: what else there is to say would hide it.</summary>
internal static class SurroundingsParser
{
    public static bool Check(ParseContext context)
    {
        // A version without a number, such as preview, is a later one.
        if (context.Milter.DeclaringSyntaxReferences.FirstOrDefault()?.SyntaxTree.Options is CSharpParseOptions { LanguageVersion: < LanguageVersion.CSharp11 and var version })
        {
            context.Report(Descriptors.LanguageVersion, context.Place, context.Milter.Name, version.ToDisplayString());
        }

        if (context.HasAliases && context.Attribute?.AttributeClass?.ContainingAssembly is { } runtime)
        {
            context.CheckName(runtime, context.Place);
            foreach (IAssemblySymbol wire in runtime.Modules.SelectMany(module => module.ReferencedAssemblySymbols).Where(assembly => assembly.Name == RuntimeNames.Wire))
            {
                context.CheckName(wire, context.Place);
            }
        }

        return !context.Failed;
    }
}
