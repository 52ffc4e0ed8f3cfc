using System.Diagnostics;
using System.Reflection;
using Microsoft.Extensions.Hosting;
using Milter.CompilerServices;
using Milter.Transport;

namespace Milter.Tool;

/// <summary>What a program has for its filter.</summary>
/// <param name="Services">Its services; <see langword="null"/> where it has none.</param>
/// <param name="Create">How it makes an instance; <see langword="null"/> where its services are all that is needed.</param>
internal sealed record FilterSource(IServiceProvider? Services, Func<IServiceProvider, IMilterDispatcher>? Create = null);

/// <summary>Gets what a filter's program gives it: runs its <c>Main</c> up to the point where the host is built or a server would listen, and no further.</summary>
internal sealed class ProgramServices(MilterDescriptor wanted) : IObserver<DiagnosticListener>, IObserver<KeyValuePair<string, object?>>
{
    private readonly TaskCompletionSource<FilterSource> _found = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly AsyncLocal<bool> _isOurs = new();
    private readonly List<IDisposable> _listening = [];
    private readonly List<string> _others = [];

    /// <summary>Runs the program of an assembly until it has a host, or serves the filter.</summary>
    public static async Task<FilterSource> StartAsync(Assembly program, MilterDescriptor wanted, CancellationToken cancellation)
    {
        MethodInfo main = program.EntryPoint
            ?? throw new ToolException(ExitCode.Data, $"The filter asks for services, and {program.GetName().Name} is no program that could register them: give the program's project or assembly.");

        // Its settings are beside it, not beside this tool.
        AppContext.SetData("APP_CONTEXT_BASE_DIRECTORY", Path.GetDirectoryName(program.Location) + Path.DirectorySeparatorChar);
        var services = new ProgramServices(wanted);
        using IDisposable all = DiagnosticListener.AllListeners.Subscribe(services);
        var thread = new Thread(() => services.Run(main)) { IsBackground = true, Name = "the filter's Main" };
        thread.Start();
        try
        {
            return await services._found.Task.WaitAsync(TimeSpan.FromSeconds(30), cancellation);
        }
        catch (TimeoutException exception)
        {
            throw new ToolException(ExitCode.Data, "The filter's program has not built a host or served the filter within 30 s; its services come from there.", exception);
        }
        finally
        {
            services._listening.ForEach(one => one.Dispose());
        }
    }

    void IObserver<DiagnosticListener>.OnNext(DiagnosticListener value)
    {
        if (value.Name == "Microsoft.Extensions.Hosting")
        {
            _listening.Add(value.Subscribe(this));
        }
    }

    void IObserver<KeyValuePair<string, object?>>.OnNext(KeyValuePair<string, object?> value)
    {
        if (_isOurs.Value && value is { Key: "HostBuilt", Value: IHost host })
        {
            _found.TrySetResult(new FilterSource(host.Services));
            throw new ProgramIsReadyException();
        }
    }

    void IObserver<DiagnosticListener>.OnCompleted()
    {
    }

    void IObserver<DiagnosticListener>.OnError(Exception error)
    {
    }

    void IObserver<KeyValuePair<string, object?>>.OnCompleted()
    {
    }

    void IObserver<KeyValuePair<string, object?>>.OnError(Exception error)
    {
    }

    private void Run(MethodInfo main)
    {
        _isOurs.Value = true;
        ServerTap.Set(Take);
        try
        {
            main.Invoke(null, main.GetParameters().Length == 0 ? [] : [Array.Empty<string>()]);
            _found.TrySetException(Missing("its program has ended without building a host or serving it"));
        }
        catch (TargetInvocationException exception) when (exception.InnerException is ProgramIsReadyException)
        {
            // Where it was another filter's server, this one's did not come.
            _found.TrySetException(Missing($"its program does not serve it before {string.Join(", ", _others)}"));
        }
        catch (TargetInvocationException exception)
        {
            Exception cause = exception.InnerException!;
            _found.TrySetException(new ToolException(ExitCode.Data, $"The filter's program has failed before it had a host: {cause.Message}", cause));
        }
    }

    /// <summary>The program waits for ever where its server would listen: one that goes on would dispose of what the filter needs.</summary>
    private Task Take(PreparedServer server)
    {
        if (!ReferenceEquals(server.Descriptor, wanted))
        {
            _others.Add(server.Descriptor.Name);
            throw new ProgramIsReadyException();
        }

        _found.TrySetResult(new FilterSource(server.Services, server.Create));
        return Task.Delay(Timeout.InfiniteTimeSpan, CancellationToken.None);
    }

    private static ToolException Missing(string why) => new(ExitCode.Data, $"The filter asks for services, and {why} (AddMilter in a host registers them, MilterServer.RunAsync is given them).");
}

/// <summary>Ends a filter's <c>Main</c> where its host is built, or a server of another filter would listen.</summary>
internal sealed class ProgramIsReadyException() : Exception("Nothing more of the program is needed.");
