using Microsoft.CodeAnalysis;
using Milter.Generators.Diagnostics;
using Milter.Generators.Infrastructure;
using Milter.Generators.Model;

namespace Milter.Generators.Parsing;

/// <summary>Finds the [PerMessage] members and says how each is made new.</summary>
internal static class PerMessageParser
{
    public static IEnumerable<ResetModel> Parse(ParseContext context)
    {
        List<ResetModel> resets = [];

        // Base classes first, as everything else of theirs runs first.
        foreach (ISymbol symbol in context.Lineage().Reverse().SelectMany(type => type.GetMembers()))
        {
            if (symbol is not (IFieldSymbol or IPropertySymbol) || !symbol.Has(RuntimeNames.PerMessageAttribute))
            {
                continue;
            }

            // [field: PerMessage] stands at a field that has no name to write.
            ISymbol member = (symbol as IFieldSymbol)?.AssociatedSymbol ?? symbol;
            if (member is IPropertySymbol { OverriddenProperty: { } below })
            {
                resets.RemoveAll(reset => reset.Name == below.Name);
            }

            if (PerMessageMember.Read(context, member) is { } state)
            {
                Add(context, resets, member, state);
            }
        }

        return resets;
    }

    private static void Add(ParseContext context, List<ResetModel> resets, ISymbol member, PerMessageMember state)
    {
        string? reason = state.Plan(out string[] statements);
        if (reason is null)
        {
            resets.Add(new ResetModel(member.Name, statements.ToEquatableArray()));
        }
        else
        {
            context.Report(Descriptors.NotResettable, context.At(member), member.Name, reason);
        }
    }
}
