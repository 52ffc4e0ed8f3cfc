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
    private const int MaxBytesInAll = 16_000;

    /// <inheritdoc/>
    public override ImmutableArray<DiagnosticDescriptor> SupportedDiagnostics { get; } =
        ImmutableArray.Create(Descriptors.ReplyCode, Descriptors.EnhancedCode, Descriptors.ReplyText, Descriptors.ReplyBeyondAscii, Descriptors.ConstantReply);

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
        if (!VerdictMembers.IsReply(call))
        {
            return;
        }

        // Which class the enhanced code should have is not known where the reply code is wrong.
        bool valid = Code(context, call, out int digit) && Enhanced(context, call, digit);
        if (!VerdictMembers.IsChecked(call))
        {
            return;
        }

        valid &= Lines(context, call, out bool constant);
        constant &= call.Argument("code")?.ConstantValue.HasValue == true && call.Argument("enhanced")?.ConstantValue.HasValue == true;
        if (valid && constant && HandlerSymbols.StagesOf(context.ContainingSymbol) != Stages.None)
        {
            context.ReportDiagnostic(Diagnostic.Create(Descriptors.ConstantReply, call.Syntax.GetLocation()));
        }
    }

    private static bool Code(OperationAnalysisContext context, IInvocationOperation call, out int digit)
    {
        bool rejects = VerdictMembers.KindOf(call) == VerdictMembers.Reject;
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
                else if (text.Any(c => c > '~'))
                {
                    context.ReportDiagnostic(Diagnostic.Create(Descriptors.ReplyBeyondAscii, at.Syntax.GetLocation(), Ascii(text)));
                }
            }
        }

        if (valid && BytesInAll(call, lines) is > MaxBytesInAll and var bytes)
        {
            context.ReportDiagnostic(Diagnostic.Create(Descriptors.ReplyText, call.Syntax.GetLocation(), $"it has {bytes} bytes with its codes and line ends, and {MaxBytesInAll} are allowed"));
            valid = false;
        }

        return valid;
    }

    /// <summary>What surely goes over the wire: codes, line ends, and the constant parts of the lines.</summary>
    private static int BytesInAll(IInvocationOperation call, List<IOperation> lines)
    {
        int codes = 6 + (call.Argument("enhanced") is { ConstantValue: { HasValue: true, Value: string { Length: > 0 } enhanced } } ? enhanced.Length + 1 : 0);
        return lines.Sum(line => codes + LiteralParts.Of(line).Sum(part => Size(part.Text)));
    }

    /// <summary>The text as a client sees it that has not asked for SMTPUTF8.</summary>
    private static string Ascii(string text) => string.Concat(Encoding.UTF8.GetBytes(text).Select(b => b is >= (byte)' ' and <= (byte)'~' ? (char)b : '?'));

    private static int Size(string text) => Encoding.UTF8.GetByteCount(text) + text.Count(c => c == '%');

    private static string? WhyNoLine(string text)
    {
        int bytes = Size(text);
        return text switch
        {
            _ when text.Any(c => c is '\r' or '\n') => "it has a line end; give each line as an argument of its own",
            _ when text.Any(c => c is < ' ' and not '\t' or '\x7f') => "it has a control character",
            _ when bytes > MaxBytes => $"it has {bytes} bytes, and {MaxBytes} go into a line (a % counts twice)",
            _ => null,
        };
    }
}
