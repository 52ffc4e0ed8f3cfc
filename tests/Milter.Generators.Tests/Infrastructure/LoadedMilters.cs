using System.Reflection;
using System.Runtime.Loader;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.Emit;
using Milter.CompilerServices;

namespace Milter.Generators.Tests.Infrastructure;

/// <summary>Compiled milters, loaded and ready to be asked. Unloaded when disposed.</summary>
internal sealed class LoadedMilters : IDisposable
{
    private readonly AssemblyLoadContext _context = new("milters under test", isCollectible: true);
    private readonly Assembly _assembly;

    private LoadedMilters(Stream image) => _assembly = _context.LoadFromStream(image);

    public static LoadedMilters Load(params string[] sources) => Load(LanguageVersion.CSharp12, sources);

    public static LoadedMilters LoadLatest(params string[] sources) => Load(LanguageVersion.Preview, sources);

    private static LoadedMilters Load(LanguageVersion language, string[] sources)
    {
        using var image = new MemoryStream();
        CSharpCompilation compilation = GeneratorHarness.Run(language, sources).Compilation;

        // As users publish it: a debug build makes an object of each asynchronous method.
        EmitResult emitted = compilation.WithOptions(compilation.Options.WithOptimizationLevel(Microsoft.CodeAnalysis.OptimizationLevel.Release)).Emit(image);
        Assert.True(emitted.Success, string.Join("\n", emitted.Diagnostics));
        image.Position = 0;
        return new LoadedMilters(image);
    }

    public Type Type(string name) => _assembly.GetType(name, throwOnError: true)!;

    public MilterDescriptor Descriptor(string name) =>
        (MilterDescriptor)typeof(MilterDescriptor).GetMethod(nameof(MilterDescriptor.Of))!.MakeGenericMethod(Type(name)).Invoke(null, null)!;

    /// <summary>Makes an instance as the engine does, through the generated factory.</summary>
    public IMilterDispatcher Create(string name, IServiceProvider services) => (IMilterDispatcher)typeof(Factory<>)
        .MakeGenericType(Type(name))
        .GetMethod("Create")!
        .Invoke(null, [services])!;

    /// <summary>Runs one in the real engine, and lists what a scripted MTA is told.</summary>
    public Task<IReadOnlyList<string>> AnswersAsync(string name, params (string Name, string Value)[] headers) => (Task<IReadOnlyList<string>>)typeof(Runner<>)
        .MakeGenericType(Type(name))
        .GetMethod("RunAsync")!
        .Invoke(null, [headers])!;

    public void Dispose() => _context.Unload();

    private static class Factory<T>
        where T : class, IMilter<T>
    {
        public static T Create(IServiceProvider services) => T.Create(services);
    }

    private static class Runner<T>
        where T : class, IMilter<T>
    {
        public static async Task<IReadOnlyList<string>> RunAsync((string Name, string Value)[] headers)
        {
            await using MilterServer server = await MilterServer.StartAsync<T>("inet:0@127.0.0.1");
            return await ScriptedMta.RunAsync(server.EndPoint.Port, headers);
        }
    }
}
