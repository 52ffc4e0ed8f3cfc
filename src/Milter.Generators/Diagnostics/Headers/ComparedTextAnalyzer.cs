using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Diagnostics;
using Microsoft.CodeAnalysis.Operations;
using Milter.Generators.Infrastructure;

namespace Milter.Generators.Diagnostics;

/// <summary>Reports comparisons of a message's texts that miss what they are meant for: by case, by encoding, or because the text is never like that.</summary>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
public sealed class ComparedTextAnalyzer : DiagnosticAnalyzer
{
    private static readonly HashSet<string> s_comparisons = ["Equals", "StartsWith", "EndsWith", "Contains", "IndexOf", "SequenceEqual", "Compare", "CompareOrdinal", "CompareTo", "IsMatch"];

    /// <summary>Look-ups in a table, which may as well be a cache: only one that is written down is sure to be compared with what people wrote.</summary>
    private static readonly HashSet<string> s_lookups = ["ContainsKey", "TryGetValue", "GetValueOrDefault"];

    private enum Part
    {
        Whole,
        Start,
        End,
        Inside,
    }

    /// <inheritdoc/>
    public override ImmutableArray<DiagnosticDescriptor> SupportedDiagnostics { get; } =
        ImmutableArray.Create(Descriptors.ComparedWithCase, Descriptors.RawText, Descriptors.NeverEqual);

    /// <inheritdoc/>
    public override void Initialize(AnalysisContext context)
    {
        context.ConfigureGeneratedCodeAnalysis(GeneratedCodeAnalysisFlags.None);
        context.EnableConcurrentExecution();
        context.RegisterOperationAction(
            Check,
            OperationKind.Binary,
            OperationKind.Invocation,
            OperationKind.IsPattern,
            OperationKind.Switch,
            OperationKind.SwitchExpression);
    }

    private static void Check(OperationAnalysisContext context)
    {
        switch (context.Operation)
        {
            case IBinaryOperation { OperatorKind: BinaryOperatorKind.Equals or BinaryOperatorKind.NotEquals } equals:
                _ = Compare(context, equals, equals.LeftOperand, equals.RightOperand, Part.Whole, ignoresCase: false)
                    || Compare(context, equals, equals.RightOperand, equals.LeftOperand, Part.Whole, ignoresCase: false);
                break;
            case IIsPatternOperation pattern:
                Patterns(context, pattern, pattern.Value, pattern.Pattern);
                break;
            case ISwitchOperation many:
                foreach (ICaseClauseOperation clause in many.Cases.SelectMany(one => one.Clauses))
                {
                    if (clause is ISingleValueCaseClauseOperation single)
                    {
                        Compare(context, single.Value, many.Value, single.Value, Part.Whole, ignoresCase: false);
                    }
                    else if (clause is IPatternCaseClauseOperation { Pattern: var pattern })
                    {
                        Patterns(context, pattern, many.Value, pattern);
                    }
                }

                break;
            case ISwitchExpressionOperation many:
                foreach (ISwitchExpressionArmOperation arm in many.Arms)
                {
                    Patterns(context, arm.Pattern, many.Value, arm.Pattern);
                }

                break;
            case IInvocationOperation call:
                Call(context, call);
                break;
        }
    }

    private static void Patterns(OperationAnalysisContext context, IOperation place, IOperation value, IPatternOperation pattern)
    {
        foreach (IConstantPatternOperation constant in pattern.DescendantsAndSelf().OfType<IConstantPatternOperation>().Where(constant => constant.Parent is not IPropertySubpatternOperation))
        {
            Compare(context, place is IIsPatternOperation ? place : constant, value, constant.Value, Part.Whole, ignoresCase: false);
        }
    }

    private static void Call(OperationAnalysisContext context, IInvocationOperation call)
    {
        bool looksUp = s_lookups.Contains(call.TargetMethod.Name);
        if (!looksUp && !s_comparisons.Contains(call.TargetMethod.Name))
        {
            return;
        }

        List<IOperation> operands = [.. (call.Instance is { } instance ? new[] { instance.Receiver()! } : []).Concat(call.Arguments.Select(argument => argument.Value))];
        bool ignoresCase = call.Arguments.Any(argument => argument.Value.Bare() is IFieldReferenceOperation { Field: { Name: var name, ContainingType.Name: "StringComparison" or "StringComparer" } } && name.EndsWith("IgnoreCase", StringComparison.Ordinal))
            || call.Arguments.Any(argument => argument.Value is { ConstantValue: { HasValue: true, Value: int comparison } } && argument.Parameter?.Type.Name == "StringComparison" && comparison % 2 == 1)
            || call.Arguments.Any(argument => argument.Parameter is { Name: "ignoreCase" } || argument.Parameter?.Type.Name is "IEqualityComparer");
        Part part = call.TargetMethod.Name switch { "StartsWith" => Part.Start, "EndsWith" => Part.End, "Contains" or "IndexOf" or "IsMatch" => Part.Inside, _ => Part.Whole };
        if (operands.Count > 1 && (looksUp || call.TargetMethod.Name == "Contains") && IsSet(operands[0]))
        {
            LookedUp(context, call, operands[0], MailText.Of(operands[1]), looksUp, ignoresCase);
        }
        else if (looksUp)
        {
            return;
        }
        else if (operands.Count > 1)
        {
            _ = Compare(context, call, operands[0], operands[1], part, ignoresCase)
                || (part == Part.Whole && Compare(context, call, operands[1], operands[0], part, ignoresCase));
        }
    }

    private static void LookedUp(OperationAnalysisContext context, IOperation place, IOperation set, MailTextKind kind, bool looksUp, bool ignoresCase)
    {
        List<string> entries = kind == MailTextKind.None ? [] : [.. Making(set)?.DescendantNodes().OfType<LiteralExpressionSyntax>().Where(IsEntry).Select(literal => literal.Token.ValueText).Where(text => text.Length > 0) ?? []];
        if (entries.Select(entry => (Entry: entry, Reason: WhyNever(kind, entry, Part.Whole))).FirstOrDefault(one => one.Reason is not null) is { Reason: { } reason, Entry: var never })
        {
            context.ReportDiagnostic(Diagnostic.Create(Descriptors.NeverEqual, place.Syntax.GetLocation(), never, reason));
        }
        else if (!ignoresCase && IsCaseSensitive(set, mustBeFilled: looksUp) && (kind is MailTextKind.FieldName or MailTextKind.Domain || (kind == MailTextKind.Address && entries.Any(HasDomain))))
        {
            Say(context, place, kind);
        }
    }

    /// <summary>Reports what is wrong with a comparison, and says whether something is.</summary>
    private static bool Compare(OperationAnalysisContext context, IOperation place, IOperation text, IOperation other, Part part, bool ignoresCase)
    {
        MailTextKind kind = MailText.Of(text);
        string? constant = other.ConstantText() ?? (other.ConstantValue is { HasValue: true, Value: char single } ? single.ToString() : null);
        if (kind == MailTextKind.None || constant == "" || other.ConstantValue is { HasValue: true, Value: null })
        {
            return false;
        }

        if (constant is not null && WhyNever(kind, constant, part) is { } reason)
        {
            context.ReportDiagnostic(Diagnostic.Create(Descriptors.NeverEqual, place.Syntax.GetLocation(), constant, reason));
            return true;
        }

        if (kind == MailTextKind.Address && !ignoresCase && HasDomain(constant))
        {
            Say(context, place, kind);
            return true;
        }

        if (kind is MailTextKind.FieldName or MailTextKind.Domain && !ignoresCase && (constant is null ? other.Type?.SpecialType == SpecialType.System_String : constant.Any(char.IsLetter)))
        {
            Say(context, place, kind);
            return true;
        }

        if (kind == MailTextKind.RawValue && constant?.Any(c => c > '~') == true)
        {
            context.ReportDiagnostic(Diagnostic.Create(Descriptors.RawText, place.Syntax.GetLocation(), constant));
            return true;
        }

        return false;
    }

    private static void Say(OperationAnalysisContext context, IOperation place, MailTextKind kind)
    {
        (string what, string with) = kind switch
        {
            MailTextKind.Domain => ("Domains", "StringComparison.OrdinalIgnoreCase, or a set that has StringComparer.OrdinalIgnoreCase"),
            MailTextKind.Address => ("Domains", "EnvelopeAddress.Is, or StringComparison.OrdinalIgnoreCase"),
            _ => ("Names of header fields", "HeaderField.Is, or StringComparison.OrdinalIgnoreCase"),
        };
        context.ReportDiagnostic(Diagnostic.Create(Descriptors.ComparedWithCase, place.Syntax.GetLocation(), what, with));
    }

    /// <summary>Says whether an address, or a part of one, names a domain.</summary>
    private static bool HasDomain(string? constant) => constant?.LastIndexOf('@') is >= 0 and var at && constant.Skip(at).Any(char.IsLetter);

    private static string? WhyNever(MailTextKind kind, string constant, Part part) => kind switch
    {
        MailTextKind.Address or MailTextKind.Domain when constant.IndexOfAny(['<', '>']) >= 0 => "it has no angle brackets; for the null sender ask IsNull",
        MailTextKind.Domain when constant[0] == '@' && part != Part.Inside => "a domain begins after the @",
        MailTextKind.LocalPart when constant[constant.Length - 1] == '@' && part is not Part.Inside and not Part.Start => "a local part ends before the @",
        MailTextKind.RawAddress when part == Part.Whole && constant[0] != '<' => "it has angle brackets as it was sent; take EnvelopeAddress and its Address",
        MailTextKind.RawAddress when part == Part.Start && constant[0] != '<' => "it begins with an angle bracket as it was sent; take EnvelopeAddress and its Address",
        MailTextKind.RawAddress when part == Part.End && constant[constant.Length - 1] != '>' => "it ends with an angle bracket as it was sent; take EnvelopeAddress and its Domain",
        MailTextKind.FieldName when constant.IndexOfAny([':', ' ']) >= 0 => "a field's name has no colon and no space",
        _ => null,
    };

    /// <summary>Says whether a literal is one that is looked for: an element of a list, or a key.</summary>
    private static bool IsEntry(LiteralExpressionSyntax literal) => literal.Parent switch
    {
        ExpressionElementSyntax => true,
        InitializerExpressionSyntax initializer => !initializer.IsKind(SyntaxKind.ComplexElementInitializerExpression) || initializer.Expressions[0] == literal,
        ArgumentSyntax { Parent.Parent: ImplicitElementAccessSyntax } => true,
        _ => false,
    };

    /// <summary>The expression with which a member begins.</summary>
    private static ExpressionSyntax? Making(IOperation receiver) => receiver.Bare() is not IMemberReferenceOperation { Member: var member } ? null : member.DeclaringSyntaxReferences.FirstOrDefault()?.GetSyntax() switch
    {
        VariableDeclaratorSyntax field => field.Initializer?.Value,
        PropertyDeclarationSyntax property => property.Initializer?.Value ?? property.ExpressionBody?.Expression,
        _ => null,
    };

    private static bool IsSet(IOperation receiver) => receiver.Type is { SpecialType: not SpecialType.System_String } type && (type.TypeKind == TypeKind.Array || type.AllInterfaces.Any(implemented => implemented.SpecialType == SpecialType.System_Collections_IEnumerable) || type.SpecialType == SpecialType.System_Collections_IEnumerable);

    /// <summary>Says whether a collection is one whose making shows that it has no comparer, and, where asked, what is in it.</summary>
    private static bool IsCaseSensitive(IOperation receiver, bool mustBeFilled)
    {
        if (receiver.Bare() is not IMemberReferenceOperation)
        {
            return receiver.Bare().Type?.TypeKind == TypeKind.Array;
        }

        return Making(receiver) switch
        {
            CollectionExpressionSyntax collection => !mustBeFilled || collection.Elements.Count > 0,
            ArrayCreationExpressionSyntax or ImplicitArrayCreationExpressionSyntax => true,
            BaseObjectCreationExpressionSyntax creation => creation.ArgumentList is null or { Arguments.Count: 0 } && (!mustBeFilled || creation.Initializer is { Expressions.Count: > 0 }),
            InitializerExpressionSyntax => true,
            _ => false,
        };
    }
}
