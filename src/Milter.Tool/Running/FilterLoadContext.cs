using System.Reflection;
using System.Runtime.Loader;

namespace Milter.Tool;

/// <summary>Loads a filter with what it needs, from its own folder; what the engine and it speak about is the tool's, so that both mean the same types.</summary>
internal sealed class FilterLoadContext(string assembly) : AssemblyLoadContext("filter", isCollectible: false)
{
    private static readonly HashSet<string> s_shared =
    [
        "Milter.Runtime", "Milter.Protocol", "Microsoft.Extensions.Hosting.Abstractions", "Microsoft.Extensions.Logging.Abstractions",
        "Microsoft.Extensions.DependencyInjection.Abstractions", "Microsoft.Extensions.Configuration.Abstractions", "Microsoft.Extensions.Options", "Microsoft.Extensions.Primitives",
        "Microsoft.Extensions.FileProviders.Abstractions", "Microsoft.Extensions.Diagnostics.Abstractions",
    ];

    private readonly AssemblyDependencyResolver _resolver = new(assembly);

    protected override Assembly? Load(AssemblyName assemblyName) =>
        s_shared.Contains(assemblyName.Name!) ? null
        : _resolver.ResolveAssemblyToPath(assemblyName) is { } path ? LoadFromAssemblyPath(path)
        : null;

    protected override nint LoadUnmanagedDll(string unmanagedDllName) =>
        _resolver.ResolveUnmanagedDllToPath(unmanagedDllName) is { } path ? LoadUnmanagedDllFromPath(path) : 0;
}
