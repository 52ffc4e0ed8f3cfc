using System.Diagnostics;
using System.Reflection;
using Microsoft.Extensions.Hosting;

namespace Milter.Tool;

/// <summary>Gets the services that a filter's program registers: runs its <c>Main</c> up to the point where the host is built, and no further.</summary>
internal sealed class ProgramServices : IObserver<DiagnosticListener>, IObserver<KeyValuePair<string, object?>>
{
    private readonly TaskCompletionSource<IServiceProvider> _built = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly AsyncLocal<bool> _isOurs = new();
    private readonly List<IDisposable> _listening = [];

    /// <summary>Runs the program of an assembly until it has a host.</summary>
    public static async Task<IServiceProvider> StartAsync(Assembly program, CancellationToken cancellation)
    {
        MethodInfo main = program.EntryPoint
            ?? throw new ToolException(ExitCode.Data, $"The filter asks for services, and {program.GetName().Name} is no program that could register them: give the program's project or assembly.");

        // Its settings are beside it, not beside this tool.
        AppContext.SetData("APP_CONTEXT_BASE_DIRECTORY", Path.GetDirectoryName(program.Location) + Path.DirectorySeparatorChar);
        var services = new ProgramServices();
        using IDisposable all = DiagnosticListener.AllListeners.Subscribe(services);
        var thread = new Thread(() => services.Run(main)) { IsBackground = true, Name = "the filter's Main" };
        thread.Start();
        try
        {
            return await services._built.Task.WaitAsync(TimeSpan.FromSeconds(30), cancellation);
        }
        catch (TimeoutException exception)
        {
            throw new ToolException(ExitCode.Data, "The filter's program has not built a host within 30 s; its services come from there.", exception);
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
            _built.TrySetResult(host.Services);
            throw new HostIsBuiltException();
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
        try
        {
            main.Invoke(null, main.GetParameters().Length == 0 ? [] : [Array.Empty<string>()]);
            _built.TrySetException(new ToolException(ExitCode.Data, "The filter asks for services, and its program has ended without building a host (AddMilter in a host registers them)."));
        }
        catch (TargetInvocationException exception)
        {
            // After HostIsBuilt the result is there already.
            Exception cause = exception.InnerException!;
            _built.TrySetException(new ToolException(ExitCode.Data, $"The filter's program has failed before it had a host: {cause.Message}", cause));
        }
    }
}

/// <summary>Ends a filter's <c>Main</c> where its host is built.</summary>
internal sealed class HostIsBuiltException() : Exception("The host is built; nothing more of the program is needed.");
