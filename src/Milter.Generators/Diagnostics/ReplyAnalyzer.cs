using System.Collections.Immutable;
using System.Text;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;
using Microsoft.CodeAnalysis.Operations;
using Milter.Generators.Infrastructure;
using Milter.Generators.Model;

namespace Milter.Generators.Diagnostics;

/// <summary>Checks the constants of replies as the runtime will, and reports replies that a handler builds anew at each call.</summary>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
public sealed class ReplyAnalyzer : DiagnosticAnalyzer
{
    private const int MaxLines = 32;
    private const int MaxBytes = 980;

    /// <inheritdoc/>
    public override ImmutableArray<DiagnosticDescriptor> SupportedDiagnostics { get; } =
        ImmutableArray.Create(Descriptors.ReplyCode, Descriptors.EnhancedCode, Descriptors.ReplyText, Descriptors.ConstantReply);

    /// <inheritdoc/>
    public override void Initialize(AnalysisContext context)
    {
        context.ConfigureGeneratedCodeAnalysis(GeneratedCodeAnalysisFlags.None);
        context.EnableConcurrentExecution();
        context.RegisterOperationAction(Check, OperationKind.Invocation);
    }

    private static void Check(OperationAnalysisContext context)
    {
        var call = (IInvocationOperation)context.Operation;
        if (call.TargetMethod is not { Name: "Reject" or "TempFail", Parameters.Length: > 0 } method || !method.ContainingType.Is(RuntimeNames.Verdict))
        {
            return;
        }

        // Which class the enhanced code should have is not known where the reply code is wrong.
        bool valid = Code(context, call, out int digit) && Enhanced(context, call, digit);
        valid &= Lines(context, call, out bool constant);
        constant &= call.Argument("code")?.ConstantValue.HasValue == true && call.Argument("enhanced")?.ConstantValue.HasValue == true;
        if (valid && constant && HandlerSymbols.StagesOf(context.ContainingSymbol) != Stages.None)
        {
            context.ReportDiagnostic(Diagnostic.Create(Descriptors.ConstantReply, call.Syntax.GetLocation()));
        }
    }

    private static bool Code(OperationAnalysisContext context, IInvocationOperation call, out int digit)
    {
        bool rejects = call.TargetMethod.Name == "Reject";
        digit = rejects ? 5 : 4;
        if (call.Argument("code") is not { ConstantValue: { HasValue: true, Value: int code } } argument || code / 100 == digit)
        {
            return true;
        }

        string mend = code / 100 == 9 - digit ? $"; use {(rejects ? "TempFail" : "Reject")} for {9 - digit}xx" : "";
        context.ReportDiagnostic(Diagnostic.Create(Descriptors.ReplyCode, argument.Syntax.GetLocation(), call.TargetMethod.Name, $"{digit}00", $"{digit}99", code, mend));
        return false;
    }

    private static bool Enhanced(OperationAnalysisContext context, IInvocationOperation call, int digit)
    {
        if (call.Argument("enhanced") is not { ConstantValue: { HasValue: true, Value: string enhanced } } argument || EnhancedCode.Why(enhanced, digit) is not { } reason)
        {
            return true;
        }

        context.ReportDiagnostic(Diagnostic.Create(
            Descriptors.EnhancedCode,
            argument.Syntax.GetLocation(),
            ImmutableDictionary<string, string?>.Empty.Add("Mended", EnhancedCode.Mended(enhanced, digit)),
            enhanced,
            reason));
        return false;
    }

    private static bool Lines(OperationAnalysisContext context, IInvocationOperation call, out bool constant)
    {
        List<IOperation> lines = [];
        constant = true;
        foreach (IArgumentOperation argument in call.Arguments.Where(argument => argument.Parameter is { Name: not ("code" or "enhanced") }))
        {
            if (argument.ArgumentKind == ArgumentKind.ParamArray && argument.Value is IArrayCreationOperation { Initializer: { } initializer })
            {
                lines.AddRange(initializer.ElementValues);
            }
            else if (argument.ArgumentKind == ArgumentKind.Explicit && argument.Parameter!.Type.SpecialType == SpecialType.System_String)
            {
                lines.Add(argument.Value);
            }
            else
            {
                constant = false;
                return true;
            }
        }

        bool valid = true;
        if (lines.Count is 0 or > MaxLines)
        {
            context.ReportDiagnostic(Diagnostic.Create(Descriptors.ReplyText, call.Syntax.GetLocation(), $"it has {lines.Count} lines, and 1 to {MaxLines} are allowed"));
            valid = false;
        }

        foreach (IOperation line in lines)
        {
            constant &= line.ConstantValue.HasValue;
            foreach ((string text, IOperation at) in LiteralParts.Of(line))
            {
                if (WhyNoLine(text) is { } reason)
                {
                    context.ReportDiagnostic(Diagnostic.Create(Descriptors.ReplyText, at.Syntax.GetLocation(), reason));
                    valid = false;
                }
            }
        }

        return valid;
    }

    private static string? WhyNoLine(string text)
    {
        int bytes = Encoding.UTF8.GetByteCount(text) + text.Count(c => c == '%');
        return text switch
        {
            _ when text.Any(c => c is '\r' or '\n') => "it has a line end; give each line as an argument of its own",
            _ when text.Any(c => c is < ' ' and not '\t' or '\x7f') => "it has a control character",
            _ when bytes > MaxBytes => $"it has {bytes} bytes, and {MaxBytes} go into a line (a % counts twice)",
            _ => null,
        };
    }
}
