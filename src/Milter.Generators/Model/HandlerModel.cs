using Milter.Generators.Infrastructure;

namespace Milter.Generators.Model;

/// <summary>One method at one stage.</summary>
/// <param name="Stage">The stage.</param>
/// <param name="Name">The method's name.</param>
/// <param name="Receiver">What it is called on: <c>this</c>, <c>base</c>, or the type of a static method.</param>
/// <param name="Depth">How far its class is from <see cref="object"/>: base classes run first.</param>
/// <param name="Order">Its place among the methods of its class.</param>
/// <param name="Returns">What it returns.</param>
/// <param name="HeaderNames">The fields that an [OnHeader] method is for; empty for all.</param>
/// <param name="Parameters">What it takes.</param>
internal sealed record HandlerModel(
    Stages Stage,
    string Name,
    string Receiver,
    int Depth,
    int Order,
    ReturnKind Returns,
    EquatableArray<string> HeaderNames,
    EquatableArray<ParameterModel> Parameters)
{
    public bool ReturnsVerdict => Returns is ReturnKind.Verdict or ReturnKind.TaskOfVerdict or ReturnKind.ValueTaskOfVerdict;

    public bool IsAsync => Returns is not (ReturnKind.Void or ReturnKind.Verdict);

    /// <summary>Says who asks, as the causes do: <c>End(headers)</c>.</summary>
    public string Asker(ParameterModel parameter) => $"{Name}({parameter.Name})";
}

internal enum ReturnKind
{
    Void,
    Task,
    ValueTask,
    Verdict,
    TaskOfVerdict,
    ValueTaskOfVerdict,
}

/// <summary>One parameter of a handler.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Kind">What it is bound to.</param>
/// <param name="Presence">Whether it may be missing.</param>
/// <param name="Key">The macro's or header field's name, or the service's type.</param>
/// <param name="Needs">What <c>[Needs]</c> says, or <see langword="null"/> for what the type asks for.</param>
internal sealed record ParameterModel(string Name, ParameterKind Kind, Presence Presence, string Key, ActionFlags? Needs)
{
    public ParameterInfo Info => ParameterInfo.Of(Kind);

    /// <summary>Gets what makes a value of the package's own type, or <see langword="null"/> for every other parameter.</summary>
    public BinderModel? Binder { get; init; }

    /// <summary>What has to be kept for it when it is taken at <paramref name="stage"/>: nothing where it is the step's own data.</summary>
    public CollectedFlags CollectsAt(Stages stage) => (Info.Collects, stage) switch
    {
        _ when Binder is not null => Binder.AllCollects,
        (CollectedFlags.Connect, Stages.Connect) => CollectedFlags.None,
        (CollectedFlags.Helo, Stages.Helo) => CollectedFlags.None,
        (CollectedFlags.Sender | CollectedFlags.Recipients, Stages.Mail) => CollectedFlags.Sender,
        var (collects, _) => collects,
    };

    /// <summary>The actions without which the filter can't do its work.</summary>
    public ActionFlags Requires => Presence == Presence.Required ? Needs ?? Binder?.Actions ?? Info.Requires : ActionFlags.None;

    /// <summary>The actions that are asked for where they are offered.</summary>
    public ActionFlags Wants => Presence == Presence.Required
        ? Needs is null ? Info.Wants : ActionFlags.None
        : Needs ?? Binder?.Actions ?? Info.Actions;
}

internal enum Presence
{
    /// <summary>Written without <c>?</c>.</summary>
    Required,

    /// <summary>Written with <c>?</c>, or with the default <see langword="null"/> where <c>?</c> can't be written.</summary>
    Optional,

    /// <summary>Has the default <see langword="null"/> though its type does not allow it.</summary>
    OptionalForgiven,
}
