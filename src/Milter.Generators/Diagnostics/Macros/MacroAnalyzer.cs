using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;
using Microsoft.CodeAnalysis.Operations;
using Milter.Generators.Infrastructure;
using Milter.Generators.Model;

namespace Milter.Generators.Diagnostics;

/// <summary>Reports macros that are not there when a handler takes them, and says what to take instead.</summary>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
public sealed class MacroAnalyzer : DiagnosticAnalyzer
{
    /// <inheritdoc/>
    public override ImmutableArray<DiagnosticDescriptor> SupportedDiagnostics { get; } =
        ImmutableArray.Create(Descriptors.UnknownMacro, Descriptors.LateMacro, Descriptors.OneMtaMacro, Descriptors.TypedMacro, Descriptors.RecipientMacro);

    /// <inheritdoc/>
    public override void Initialize(AnalysisContext context)
    {
        context.ConfigureGeneratedCodeAnalysis(GeneratedCodeAnalysisFlags.None);
        context.EnableConcurrentExecution();
        context.RegisterSymbolAction(Parameters, SymbolKind.Method);
        context.RegisterSymbolAction(Binder, SymbolKind.NamedType);
        context.RegisterOperationAction(Lookup, OperationKind.Invocation);
    }

    private static void Parameters(SymbolAnalysisContext context)
    {
        var method = (IMethodSymbol)context.Symbol;
        if (method.Parameters.Length == 0 || HandlerSymbols.StagesOf(method) is not (var stages and not Stages.None))
        {
            return;
        }

        foreach (IParameterSymbol parameter in method.Parameters)
        {
            if (parameter.Attribute(RuntimeNames.MacroAttribute) is { } attribute
                && MacroInfo.Canonical(attribute.Value() as string) is { } name
                && attribute.LocationOf(context.CancellationToken) is { } place
                && (Unknown(name, place) ?? Known(MacroInfo.Find(name)!, stages, place, MtaOf(context, place))) is { } diagnostic)
            {
                context.ReportDiagnostic(diagnostic);
            }
        }
    }

    /// <summary>A binder names its macros where a handler has parameters.</summary>
    private static void Binder(SymbolAnalysisContext context)
    {
        if (context.Symbol.Attribute(RuntimeNames.NeedsAttribute) is not { } needs || needs.LocationOf(context.CancellationToken) is not { } place)
        {
            return;
        }

        foreach (TypedConstant macro in needs.NamedArguments.Where(argument => argument.Key == "Macros" && argument.Value is { Kind: TypedConstantKind.Array, IsNull: false }).SelectMany(argument => argument.Value.Values))
        {
            if (MacroInfo.Canonical(macro.Value as string) is { } name && Unknown(name, place) is { } diagnostic)
            {
                context.ReportDiagnostic(diagnostic);
            }
        }
    }

    private static void Lookup(OperationAnalysisContext context)
    {
        var call = (IInvocationOperation)context.Operation;
        if (call.TargetMethod.Name == "GetMacro"
            && call.TargetMethod.ContainingType.Is(RuntimeNames.Context)
            && call.Argument("name") is { } argument
            && MacroInfo.Canonical(argument.ConstantText()) is { } name
            && Unknown(name, argument.Syntax.GetLocation()) is { } diagnostic)
        {
            context.ReportDiagnostic(diagnostic);
        }
    }

    private static Diagnostic? Unknown(string name, Location place)
    {
        if (MacroInfo.Find(name) is not null)
        {
            return null;
        }

        string? meant = MacroInfo.All.Select(macro => macro.Name).FirstOrDefault(known => known.Length > 4 && Spelling.IsNear(known, name));
        return Diagnostic.Create(Descriptors.UnknownMacro, place, name, meant is null ? "" : $"; did you mean {meant}?");
    }

    /// <summary>The MTA that <c>attrmilter.mta</c> names for the file, or <see langword="null"/> for both.</summary>
    private static Mta? MtaOf(SymbolAnalysisContext context, Location place) => place.SourceTree is { } tree
        && context.Options.AnalyzerConfigOptionsProvider.GetOptions(tree).TryGetValue("attrmilter.mta", out string? name)
        && MacroTable.Mtas.TryGetValue(name.Trim(), out Mta mta) ? mta : null;

    private static Diagnostic? Known(MacroInfo macro, Stages stages, Location place, Mta? meant)
    {
        foreach (StageInfo stage in StageInfo.All.Where(stage => (stage.Stage & stages) != 0))
        {
            if (stage.Stage == Stages.Close && macro.LivesForMessage)
            {
                return Diagnostic.Create(Descriptors.LateMacro, place, macro.Name, stage.Handler, "it belongs to a message, and is forgotten with it");
            }

            if (Place(MacroTable.Earliest(macro)) > Place(stage))
            {
                return Diagnostic.Create(Descriptors.LateMacro, place, macro.Name, stage.Handler, $"it comes with {WireName.Of(MacroTable.Earliest(macro))} at the earliest");
            }

            if (macro.Name.StartsWith("{rcpt_", StringComparison.Ordinal) && (stage.Stage & StageGroups.Recipients) == 0)
            {
                return Diagnostic.Create(Descriptors.RecipientMacro, place, macro.Name, stage.Handler);
            }

            if (MacroTable.OnlyOne(macro, stage.Stage) is { } advice && (meant is null || meant == advice.Without))
            {
                // Nearly surely wrong where that MTA is the one it is for.
                DiagnosticSeverity severity = meant is null ? DiagnosticSeverity.Info : DiagnosticSeverity.Warning;
                return Diagnostic.Create(Descriptors.OneMtaMacro, place, severity, additionalLocations: null, properties: null, macro.Name, advice.Text);
            }
        }

        return MacroTable.Typed(macro.Name) is { } typed ? Diagnostic.Create(Descriptors.TypedMacro, place, ImmutableDictionary<string, string?>.Empty.Add("Member", typed.Member), macro.Name, typed.Shown) : null;
    }

    /// <summary>The place of a list or stage in a message's course. UNKNOWN and the session's end may come before any message.</summary>
    private static int Place(MacroStage stage) => stage switch
    {
        MacroStage.EndOfHeaders => 5,
        MacroStage.EndOfMessage => 6,
        _ => (int)stage,
    };

    private static int Place(StageInfo stage) => stage.Stage switch
    {
        Stages.Abort or Stages.MessageEnd or Stages.Close => 6,
        Stages.Unknown => 1,
        _ => Place(stage.Macros),
    };
}
