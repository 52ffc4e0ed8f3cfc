using Milter.Generators.Infrastructure;
using Milter.Generators.Model;

namespace Milter.Generators.Emit;

/// <summary>Writes the member of one stage: its handlers one after another, until one says more than Continue.</summary>
internal sealed class StageEmitter
{
    private readonly SourceWriter _writer;
    private readonly ArgumentEmitter _arguments;
    private readonly MilterModel _model;
    private readonly StageInfo _stage;
    private readonly IReadOnlyList<HandlerModel> _handlers;
    private readonly bool _isAsync;
    private readonly bool _completes;

    private StageEmitter(SourceWriter writer, MilterModel model, StageInfo stage, IReadOnlyList<HandlerModel> handlers)
    {
        (_writer, _model, _stage, _handlers) = (writer, model, stage, handlers);
        _arguments = new ArgumentEmitter(model, handlers, isShared: (stage.Stage & (Stages.Header | Stages.Body)) == 0);

        // The task of a single handler can be handed on as it is, except where its Skip has to be noted.
        bool handsOn = handlers.Count == 1 && handlers[0].ReturnsVerdict && stage.Stage != Stages.Body;
        _completes = handlers.Any(handler => handler.Parameters.Any(parameter => parameter.Binder is not null));
        _isAsync = _completes || (handlers.Any(handler => handler.IsAsync) && !handsOn);
    }

    public static void Emit(SourceWriter writer, MilterModel model, StageInfo stage, IReadOnlyList<HandlerModel> handlers) =>
        new StageEmitter(writer, model, stage, handlers).Emit();

    private void Emit()
    {
        _writer.Line(EmittedNames.Head(_model));
        string modifier = _isAsync ? "async " : "";
        using (_writer.Block($"{modifier}{EmittedNames.Task} {EmittedNames.Dispatcher}.{_stage.Handler}({EmittedNames.Step} step)"))
        {
            if (_handlers.Any(handler => handler.ReturnsVerdict && (_completes || _stage.Stage == Stages.Body || !IsLast(handler))))
            {
                _writer.Line($"{EmittedNames.Verdict} verdict;");
            }

            int consumer = 0;
            foreach (HandlerModel handler in _handlers)
            {
                if (_stage.Stage == Stages.Body && handler.ReturnsVerdict)
                {
                    EmitConsumer(handler, consumer++);
                }
                else if (handler.HeaderNames.Count > 0)
                {
                    using (_writer.Block($"if ({string.Join(" || ", handler.HeaderNames.Select(name => $"step.HeaderIs({CSharpText.Literal(name)}u8)"))})"))
                    {
                        EmitCall(handler, isLast: IsLast(handler));
                    }
                }
                else
                {
                    EmitCall(handler, isLast: IsLast(handler));
                }
            }

            EmitEnd(consumer);
        }
    }

    private bool IsLast(HandlerModel handler) => ReferenceEquals(handler, _handlers[_handlers.Count - 1]);

    private void EmitCall(HandlerModel handler, bool isLast)
    {
        if (!handler.ReturnsVerdict)
        {
            Call(handler.IsAsync ? "await " : "", handler, handler.IsAsync ? ".ConfigureAwait(false);" : ";");
            return;
        }

        if (isLast)
        {
            EmitLast(handler);
            return;
        }

        AssignVerdict(handler);
        using (_writer.Block("if (!verdict.IsContinue)"))
        {
            _writer.Line(Return("verdict"));
        }
    }

    private void EmitLast(HandlerModel handler)
    {
        if (_completes)
        {
            AssignVerdict(handler);
            _writer.Line(Return("verdict"));
        }
        else if (_isAsync)
        {
            Call(handler.IsAsync ? "return await " : "return ", handler, handler.IsAsync ? ".ConfigureAwait(false);" : ";");
        }
        else if (handler.Returns == ReturnKind.ValueTaskOfVerdict)
        {
            Call("return ", handler, ";");
        }
        else
        {
            Call("return new(", handler, ");");
        }
    }

    private void EmitConsumer(HandlerModel handler, int consumer)
    {
        using (_writer.Block($"if (!step.HasSkipped({consumer}))"))
        {
            AssignVerdict(handler);
            using (_writer.Block($"if (verdict.Kind == global::{RuntimeNames.VerdictKind}.Skip)"))
            {
                _writer.Line($"step.MarkSkipped({consumer});");
            }

            using (_writer.Block("else if (!verdict.IsContinue)"))
            {
                _writer.Line(Return("verdict"));
            }
        }
    }

    private void EmitEnd(int consumers)
    {
        HandlerModel last = _handlers[_handlers.Count - 1];
        if (consumers > 0 && consumers == _handlers.Count)
        {
            _writer.Line(Return("step.SkipWhenAllHave()"));
        }
        else if (consumers > 0 || !last.ReturnsVerdict || last.HeaderNames.Count > 0)
        {
            _writer.Line(_completes ? Return("default") : "return default;");
        }
    }

    private void AssignVerdict(HandlerModel handler) =>
        Call(handler.IsAsync ? "verdict = await " : "verdict = ", handler, handler.IsAsync ? ".ConfigureAwait(false);" : ";");

    // Values that were taken here are completed with whatever is said: a refusal alone leaves them as they are.
    private string Return(string verdict) => _completes ? $"return await step.CompleteAsync({verdict}).ConfigureAwait(false);"
        : _isAsync ? $"return {verdict};"
        : $"return new({verdict});";

    private void Call(string before, HandlerModel handler, string after)
    {
        foreach (string line in _arguments.Bindings(handler))
        {
            _writer.Line(line);
        }

        _writer.Call(before + ArgumentEmitter.Method(handler), _arguments.Arguments(handler), after);
    }
}
