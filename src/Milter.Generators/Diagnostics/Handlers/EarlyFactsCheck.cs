using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;
using Milter.Generators.Diagnostics.Flow;
using Milter.Generators.Infrastructure;
using Milter.Generators.Model;

namespace Milter.Generators.Diagnostics;

/// <summary>Reports facts of the session that are asked for before the MTA can know them, and macros that it sends to those only who ask.</summary>
internal sealed class EarlyFactsCheck : FilterCheck
{
    private static readonly (string Type, string Property, Stages Before, string From)[] s_facts =
    [
        ("Milter.Authentication", "IsAuthenticated", Stages.Connect | Stages.Helo, "OnMail"),
        ("Milter.TlsInfo", "IsTls", Stages.Connect, "OnHelo"),
    ];

    public override ImmutableArray<DiagnosticDescriptor> Rules { get; } = ImmutableArray.Create(Descriptors.EarlyFact, Descriptors.UnaskedMacro);

    public override void Check(FilterReport report)
    {
        HashSet<string?> asked = [.. report.Filter.Handlers.SelectMany(body => body.Method.Parameters).Select(parameter => MacroInfo.Canonical(parameter.InheritedAttribute(RuntimeNames.MacroAttribute)?.Value() as string))];
        foreach (FilterBody body in report.Bodies)
        {
            foreach ((string type, string property, Stages before, string from) in s_facts.Where(fact => (body.Stages & ~fact.Before) == 0))
            {
                foreach (IParameterSymbol parameter in body.Method.Parameters.Where(parameter => body.Handles != Stages.None && parameter.Type.Is(type) && parameter.Locations.Length > 0))
                {
                    report.Report(Descriptors.EarlyFact, parameter.Locations[0], parameter.Name, "null", from);
                }

                foreach (IPropertyReferenceOperation use in body.Operations.OfType<IPropertyReferenceOperation>().Where(use => use.Property.Name == property && use.Property.ContainingType.Is(RuntimeNames.Context)))
                {
                    report.Report(Descriptors.EarlyFact, use.Syntax.GetLocation(), property, "false", from);
                }
            }

            foreach (IInvocationOperation call in body.Operations.OfType<IInvocationOperation>())
            {
                if (call.TargetMethod is { Name: "GetMacro", ContainingType: { } type } && type.Is(RuntimeNames.Context)
                    && call.Argument("name") is { } argument && MacroInfo.Canonical(argument.ConstantText()) is { } name && !asked.Contains(name)
                    && MacroInfo.Find(name) is { Postfix.Default: null, Sendmail.Default: null })
                {
                    report.Report(Descriptors.UnaskedMacro, argument.Syntax.GetLocation(), name);
                }
            }
        }
    }
}
