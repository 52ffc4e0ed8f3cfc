using System.Collections.Immutable;
using System.Globalization;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;
using Milter.Generators.Diagnostics.Flow;
using Milter.Generators.Infrastructure;
using Milter.Generators.Model;

namespace Milter.Generators.Diagnostics;

/// <summary>Reports constant delays that are longer than a handler has (MilterOptions.CommandBudget and EndOfMessageBudget), and files that are read while a thread waits.</summary>
internal sealed class DelayCheck : FilterCheck
{
    private const double Command = 8;
    private const double EndOfMessage = 120;

    private static readonly (string Method, double Seconds)[] s_units =
        [("FromMilliseconds", 0.001), ("FromSeconds", 1), ("FromMinutes", 60), ("FromHours", 3600), ("FromDays", 86400)];

    /// <summary>Hours, minutes and seconds, in seconds.</summary>
    private static readonly double[] s_parts = [3600, 60, 1];

    public override ImmutableArray<DiagnosticDescriptor> Rules { get; } = ImmutableArray.Create(Descriptors.LongDelay, Descriptors.FileWait);

    public override void Check(FilterReport report)
    {
        foreach (FilterBody body in report.Bodies.Where(body => body.Attached != Stages.None))
        {
            foreach (IInvocationOperation call in body.Operations.OfType<IInvocationOperation>().Where(call => !Work.IsDetached(call)))
            {
                if (BlockingCall.InsteadOfFile(call) is { } instead)
                {
                    report.Report(Descriptors.FileWait, call.Syntax.GetLocation(), body.Method.Name, instead);
                }

                if (call is { TargetMethod: { Name: "Delay", ContainingType: { } type }, Arguments.Length: > 0 } && IsWaitedFor(call, body) && type.Is("System.Threading.Tasks.Task")
                    && Seconds(call.Arguments[0].Value, report.Filter.Source) is { } seconds && seconds > Budget(body.Attached) && !report.Filter.Source.Names(Option(body.Attached)))
                {
                    report.Report(Descriptors.LongDelay, call.Syntax.GetLocation(), body.Method.Name, seconds.ToString(CultureInfo.InvariantCulture), Budget(body.Attached).ToString(CultureInfo.InvariantCulture));
                }
            }
        }
    }

    /// <summary>Says whether the handler waits: where it stands, or where the task that a method gives back is awaited.</summary>
    private static bool IsWaitedFor(IInvocationOperation delay, FilterBody body) => delay.Parent switch
    {
        IAwaitOperation or IInvocationOperation { Parent: IAwaitOperation } => true,
        IReturnOperation when delay.Enclosing() is null => body.Handles != Stages.None || body.Calls.Any(call => call.At.Parent is IAwaitOperation or IInvocationOperation { Parent: IAwaitOperation }),
        _ => false,
    };

    private static double Budget(Stages stages) => stages == Stages.Eom ? EndOfMessage : Command;

    /// <summary>The option that gives more time; a program that sets it knows what it does.</summary>
    private static string Option(Stages stages) => stages == Stages.Eom ? "EndOfMessageBudget" : "CommandBudget";

    private static double? Seconds(IOperation delay, BodySource source) => delay.Bare() switch
    {
        { ConstantValue: { HasValue: true, Value: int milliseconds } } => milliseconds / 1000.0,
        IFieldReferenceOperation { Field: { IsReadOnly: true } field } when source.InitialOf(field.OriginalDefinition) is { } initial && initial.Bare() is not IFieldReferenceOperation => Seconds(initial, source),
        IObjectCreationOperation { Arguments: { Length: 3 } parts } made when made.Type.Is("System.TimeSpan") && parts.All(part => part.Value.ConstantValue is { HasValue: true, Value: int }) =>
            parts.Select((part, i) => (int)part.Value.ConstantValue.Value! * s_parts[i]).Sum(),
        IInvocationOperation { TargetMethod: { IsStatic: true, ContainingType: { } type } method, Arguments: { Length: > 0 } arguments } when type.Is("System.TimeSpan")
            && s_units.FirstOrDefault(unit => unit.Method == method.Name) is { Method: not null } unit
            && arguments[0].Value.Bare().ConstantValue is { HasValue: true, Value: IConvertible number } => number.ToDouble(CultureInfo.InvariantCulture) * unit.Seconds,
        _ => null,
    };
}
