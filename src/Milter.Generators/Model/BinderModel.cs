using Milter.Generators.Infrastructure;

namespace Milter.Generators.Model;

/// <summary>A binder: which type it makes, and what it needs for that.</summary>
/// <param name="Value">The type of the parameter, without <c>?</c>.</param>
/// <param name="Binder">The class that makes it.</param>
/// <param name="Shown">The type as people say it.</param>
/// <param name="Collects">What has to be kept for it.</param>
/// <param name="Actions">The actions that it may send.</param>
/// <param name="Macros">The macros that it looks up.</param>
/// <param name="HeaderSpace">Whether it wants header values with the space behind the colon.</param>
internal sealed record BinderModel(string Value, string Binder, string Shown, CollectedFlags Collects, ActionFlags Actions, EquatableArray<string> Macros, bool HeaderSpace)
{
    /// <summary>Gets where its value can be taken: from the first stage of a message on at which all that it needs is there.</summary>
    public Stages Stages => Actions != ActionFlags.None || (Collects & CollectedFlags.Body) != 0 ? Stages.Eom
        : (Collects & CollectedFlags.Headers) != 0 ? StageGroups.FromEoh
        : StageGroups.FromMail;

    /// <summary>What has to be kept, with what the editors of these actions keep.</summary>
    public CollectedFlags AllCollects => Collects
        | ((Actions & (ActionFlags.AddHeaders | ActionFlags.ChangeHeaders)) != 0 ? CollectedFlags.HeaderNames : CollectedFlags.None)
        | ((Actions & (ActionFlags.AddRecipients | ActionFlags.DeleteRecipients)) != 0 ? CollectedFlags.Recipients : CollectedFlags.None);
}
