using Milter.Generators.Infrastructure;

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
}
