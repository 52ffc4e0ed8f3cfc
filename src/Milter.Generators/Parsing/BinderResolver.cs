using Milter.Generators.Infrastructure;
using Milter.Generators.Model;

namespace Milter.Generators.Parsing;

/// <summary>Gives the parameters of unknown types their binders. Apart from the parser, so that the generator's parser need not look at references.</summary>
internal static class BinderResolver
{
    /// <summary>Fills a model in, or gives <see langword="null"/> where a parameter has no binder that can work at its stage.</summary>
    public static MilterModel? Resolve(MilterModel model, EquatableArray<BinderModel> binders)
    {
        if (!model.Handlers.Any(handler => handler.Parameters.Any(parameter => parameter.Kind == ParameterKind.Bound)))
        {
            return model;
        }

        List<HandlerModel> handlers = [];
        foreach (HandlerModel handler in model.Handlers)
        {
            List<ParameterModel> parameters = [];
            foreach (ParameterModel parameter in handler.Parameters)
            {
                if (parameter.Kind != ParameterKind.Bound)
                {
                    parameters.Add(parameter);
                }
                else if (Find(binders, parameter.Key, handler.Stage) is { } binder)
                {
                    // 'T?' of a value type T is another type, and as optional as that of a class.
                    bool isOptional = binder.Value != parameter.Key;
                    parameters.Add(parameter with { Binder = binder, Presence = isOptional ? Presence.Optional : parameter.Presence });
                }
                else
                {
                    return null;
                }
            }

            handlers.Add(handler with { Parameters = parameters.ToEquatableArray() });
        }

        return model with { Handlers = handlers.ToEquatableArray() };
    }

    /// <summary>Finds the binder of a type, if it can work at a stage.</summary>
    public static BinderModel? Find(IEnumerable<BinderModel> binders, string value, Stages stage) =>
        (binders.FirstOrDefault(binder => binder.Value == value) ?? OfValueType(binders, value)) is { } found && (found.Stages & stage) != 0 ? found : null;

    // Types are named without the '?' of references, so that one at the end is that of a value type.
    private static BinderModel? OfValueType(IEnumerable<BinderModel> binders, string value) =>
        value.EndsWith("?", StringComparison.Ordinal) ? binders.FirstOrDefault(binder => binder.Value + "?" == value) : null;
}
