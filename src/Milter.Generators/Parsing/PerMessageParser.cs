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
        List<(ISymbol Member, ResetModel Reset)> resets = [];

        // Base classes first, as everything else of theirs runs first.
        foreach (ISymbol symbol in context.Lineage().Reverse().SelectMany(type => type.GetMembers()))
        {
            if (symbol is not (IFieldSymbol or IPropertySymbol) || !symbol.Has(RuntimeNames.PerMessageAttribute))
            {
                continue;
            }

            // [field: PerMessage] stands at a field that has no name to write.
            ISymbol member = (symbol as IFieldSymbol)?.AssociatedSymbol ?? symbol;

            // An override takes the place of what it overrides; a member that hides another one does not.
            for (IPropertySymbol? below = (member as IPropertySymbol)?.OverriddenProperty; below is not null; below = below.OverriddenProperty)
            {
                resets.RemoveAll(reset => SymbolEqualityComparer.Default.Equals(reset.Member, below));
            }

            if (PerMessageMember.Read(context, member) is not { } state)
            {
                continue;
            }

            if (state.Plan(out ResetModel? reset) is { } reason)
            {
                context.Report(Descriptors.NotResettable, context.At(member), member.Name, reason);
            }
            else
            {
                context.Uses(member);
                resets.Add((member, reset!));
            }
        }

        return resets.Select(reset => reset.Reset);
    }
}
