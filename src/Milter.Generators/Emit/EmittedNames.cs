using Milter.Generators.Infrastructure;
using Milter.Generators.Model;

namespace Milter.Generators.Emit;

/// <summary>The names that emitted code is made of.</summary>
internal static class EmittedNames
{
    public const string Dispatcher = "global::" + RuntimeNames.Dispatcher;
    public const string Step = "global::" + RuntimeNames.Step;
    public const string Verdict = "global::" + RuntimeNames.Verdict;
    public const string Task = $"global::System.Threading.Tasks.ValueTask<{Verdict}>";
    public const string Services = "global::Microsoft.Extensions.DependencyInjection.ServiceProviderServiceExtensions";
    public const string KeyedServices = "global::Microsoft.Extensions.DependencyInjection.ServiceProviderKeyedServiceExtensions";
    public const string Generated = "[global::System.CodeDom.Compiler.GeneratedCode(\"AttrMilter\", \"1\")]";

    public static string Head(MilterModel model) => model.IsObsolete ? Generated + " [global::System.Obsolete]" : Generated;

    public static string Actions(ActionFlags actions)
    {
        IEnumerable<string> names = ActionGroups.Each(actions).Select(flag => $"global::{RuntimeNames.Actions}.{flag}");
        return string.Join(" | ", names.DefaultIfEmpty($"global::{RuntimeNames.Actions}.{nameof(ActionFlags.None)}"));
    }
}
