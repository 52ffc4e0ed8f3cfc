using Microsoft.Extensions.Logging;
using Milter.CompilerServices;
using Milter.Limits;
using Milter.Listening;
using Milter.Session;
using Milter.Telemetry;
using Milter.Transport;

namespace Milter.Hosting;

/// <summary>Turns checked options into what the rooms below take.</summary>
internal static class EngineFactory
{
    /// <summary>Checks that generated code and runtime belong together.</summary>
    /// <exception cref="InvalidOperationException">They don't; the message says which is older.</exception>
    public static MilterDescriptor Describe<T>()
        where T : class, IMilter<T>
    {
        MilterDescriptor descriptor = MilterDescriptor.Of<T>();
        if (descriptor.ContractVersion == MilterDescriptor.CurrentContractVersion)
        {
            return descriptor;
        }

        bool isOlder = descriptor.ContractVersion < MilterDescriptor.CurrentContractVersion;
        throw new InvalidOperationException(
            $"The milter {descriptor.Name} was compiled with {(isOlder ? "an older" : "a newer")} version of AttrMilter (contract {descriptor.ContractVersion}) than the one it runs on "
            + $"(contract {MilterDescriptor.CurrentContractVersion}). Rebuild {typeof(T).Assembly.GetName().Name} with the version of the package that the program uses.");
    }

    /// <summary>Gives an engine's connections from now on other options, and names those that take a restart.</summary>
    /// <param name="engine">The engine.</param>
    /// <param name="settings">What it was started with.</param>
    /// <param name="next">The options, checked.</param>
    /// <param name="services">Where filters' services come from.</param>
    public static void Reload(MilterEngine engine, EngineSettings settings, MilterOptions next, IServiceProvider services)
    {
        string[] changed = [.. MilterOptionKeys.NeedingRestart(settings.Options, next)];
        if (changed.Length > 0)
        {
            TransportLog.NeedsRestart(settings.Logger, engine.Name, string.Join(", ", changed));
        }

        engine.Reload(next.Clone(), services);
        TransportLog.Reloaded(settings.Logger, engine.Name);
    }

    /// <summary>Makes the settings of an engine.</summary>
    public static EngineSettings Make(
        MilterDescriptor descriptor,
        MilterOptions options,
        Func<IServiceProvider, IMilterDispatcher> create,
        IServiceProvider services,
        TimeProvider time,
        ILogger logger,
        MilterHealth health,
        ProcessLimits? limits = null,
        Heartbeat? heartbeat = null)
    {
        ValidateMilterOptions.TryReadMode(options.SocketMode, out UnixFileMode mode);
        MilterEndPoint endPoint = MilterEndPoint.Parse(options.Listen!);
        if (options.GetSecurity() is not null && endPoint.Kind == MilterEndPointKind.Unix)
        {
            throw new MilterListenException($"Can't listen on {endPoint}: UseTls is for TCP. Over a unix socket nobody listens in; leave it out, or listen on TCP.");
        }

        options.GetSecurity()?.Load();
        return new EngineSettings
        {
            Listen = new ListenSettings
            {
                EndPoint = endPoint,
                SocketMode = mode,
                SocketOwner = options.SocketOwner,
                SocketGroup = options.SocketGroup,
            },
            Health = health,
            Heartbeat = heartbeat,
            Session = SessionSettings.Of(descriptor, create, services, logger, options.Clone()) with
            {
                Limits = limits ?? new ProcessLimits(options),
                Time = time,
                Stages = new StageMemory(time),
            },
        };
    }
}
