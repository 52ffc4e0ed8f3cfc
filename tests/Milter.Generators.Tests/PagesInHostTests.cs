using System.Collections.Concurrent;
using System.Reflection;
using System.Runtime.CompilerServices;
using System.Text.RegularExpressions;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Milter.CompilerServices;
using Milter.Generators.Tests.Infrastructure;

namespace Milter.Generators.Tests;

/// <summary>What the pages show does not only compile: each filter runs in a host, as users run it, and answers for two messages without a fault.</summary>
public sealed partial class PagesInHostTests
{
    public static TheoryData<string, string> Filters
    {
        get
        {
            var filters = new TheoryData<string, string>();
            foreach (string page in new[] { "handlers.md", "options.md" })
            {
                foreach (Match filter in Block().Matches(Page(page)).SelectMany(block => Filter().Matches(block.Groups["code"].Value)))
                {
                    filters.Add(page, filter.Groups["name"].Value);
                }
            }

            return filters;
        }
    }

    [Theory]
    [MemberData(nameof(Filters))]
    public async Task Filters_messages_in_a_host(string page, string filter)
    {
        string code = Block().Matches(Page(page)).Select(match => match.Groups["code"].Value).Single(block => Filter().Matches(block).Any(match => match.Groups["name"].Value == filter));
        CSharpCompilation compilation = GeneratorHarness.CompileHosted(Usings.Global + "\nglobal using System.Linq;\nglobal using System.Net.Http;\n", code);
        using var image = new MemoryStream();
        var emitted = compilation.Emit(image);
        Assert.True(emitted.Success, string.Join('\n', emitted.Diagnostics));

        // Its own services are the reader's: each interface of the sample has an implementation that answers with nothing.
        Assembly assembly = Assembly.Load(image.ToArray());
        var faults = new ConcurrentQueue<string>();
        Task<IReadOnlyList<string>> running = (Task<IReadOnlyList<string>>)typeof(Runner<>).MakeGenericType(assembly.GetType(filter, throwOnError: true)!).GetMethod("RunAsync")!.Invoke(null, [assembly, faults])!;
        IReadOnlyList<string> answers = await running;

        Assert.Empty(faults);
        Assert.DoesNotContain(answers, static answer => answer.Contains("TempFail", StringComparison.Ordinal));
    }

    private static string Page(string name, [CallerFilePath] string file = "") => File.ReadAllText(Path.Combine(Path.GetDirectoryName(file)!, "..", "..", "docs", name));

    [GeneratedRegex("```csharp\n(?<code>.*?)```", RegexOptions.Singleline)]
    private static partial Regex Block();

    [GeneratedRegex("\\[Milter[^\\]]*\\]\n(?:public |internal )?(?:sealed )?partial class (?<name>\\w+)")]
    private static partial Regex Filter();

    private static class Runner<T>
        where T : class, IMilter<T>
    {
        public static async Task<IReadOnlyList<string>> RunAsync(Assembly sample, ConcurrentQueue<string> faults)
        {
            HostApplicationBuilder builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings());
            builder.Logging.AddProvider(new Faults(faults));
            foreach (Type service in sample.GetTypes().Where(static type => type.IsInterface))
            {
                builder.Services.AddSingleton(service, DispatchProxy.Create(service, typeof(Nothing)));
            }

            builder.Services.AddMilter<T>("inet:0@127.0.0.1");
            using IHost host = builder.Build();
            await host.StartAsync();
            IReadOnlyList<string> answers = await ScriptedMta.RunAsync(host.Services.GetRequiredService<MilterHealth>().EndPoint!.Port);
            await host.StopAsync();
            return answers;
        }
    }

    /// <summary>Answers each call with the default of what it returns.</summary>
    public class Nothing : DispatchProxy
    {
        protected override object? Invoke(MethodInfo? targetMethod, object?[]? args) =>
            targetMethod!.ReturnType is { IsValueType: true } type && type != typeof(void) ? Activator.CreateInstance(type) : null;
    }

    private sealed class Faults(ConcurrentQueue<string> faults) : ILoggerProvider, ILogger
    {
        public ILogger CreateLogger(string categoryName) => this;

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => logLevel >= LogLevel.Warning;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            if (IsEnabled(logLevel))
            {
                faults.Enqueue($"{eventId.Id} {formatter(state, exception)} {exception}");
            }
        }

        public void Dispose()
        {
        }
    }
}
