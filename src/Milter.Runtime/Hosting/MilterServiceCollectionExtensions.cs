using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Milter;
using Milter.CompilerServices;
using Milter.Hosting;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Adds milters to a host.</summary>
public static class MilterServiceCollectionExtensions
{
    /// <summary>Adds a milter, which listens while the host runs.</summary>
    /// <remarks>
    /// <para>
    /// Its options come from the configuration section <c>Milter</c> and, on top of it, <c>Milter:Milters:&lt;Name&gt;</c>, where the name is the class's; with several
    /// milters in a host, <c>Milter:Listen</c> is for none of them. What is configured wins over what is given here. Options are checked when the host starts.
    /// </para>
    /// <para>A <see cref="TimeProvider"/> is added where there is none, for filters to take.</para>
    /// <para>
    /// The host's start fails with <see cref="MilterListenException"/> where the endpoint can't be opened, with <see cref="OptionsValidationException"/> where
    /// options are wrong, and with <see cref="MilterServiceException"/> where constructor or handlers take what is no service; with <c>RunMilterAsync</c> in place of <c>RunAsync</c> a postmaster is told in a line, with exit code 78. At its stop, sessions have <see cref="MilterOptions.DrainTimeout"/> to end.
    /// </para>
    /// </remarks>
    /// <typeparam name="T">The <see cref="MilterAttribute"/> class. It is made once for each connection of an MTA, from a scope of its own.</typeparam>
    /// <param name="services">The host's services.</param>
    /// <param name="listen">Where to listen, in a spelling of <see cref="MilterEndPoint"/>; <see langword="null"/> leaves it to the configuration.</param>
    /// <returns>The same services.</returns>
    /// <exception cref="InvalidOperationException">
    /// The milter, or another of its name, was added before; or it was compiled with another version of the package.
    /// </exception>
    public static IServiceCollection AddMilter<T>(this IServiceCollection services, string? listen = null)
        where T : class, IMilter<T> => services.AddMilter<T>(options => options.Listen = listen);

    /// <summary>Adds a milter, which listens while the host runs.</summary>
    /// <inheritdoc cref="AddMilter{T}(IServiceCollection, string?)" path="/remarks"/>
    /// <inheritdoc cref="AddMilter{T}(IServiceCollection, string?)" path="/typeparam"/>
    /// <inheritdoc cref="AddMilter{T}(IServiceCollection, string?)" path="/returns"/>
    /// <inheritdoc cref="AddMilter{T}(IServiceCollection, string?)" path="/exception"/>
    /// <param name="services">The host's services.</param>
    /// <param name="configure">Sets options, before the configuration is read over them.</param>
    public static IServiceCollection AddMilter<T>(this IServiceCollection services, Action<MilterOptions> configure)
        where T : class, IMilter<T>
    {
        ArgumentNullException.ThrowIfNull(services);
        ArgumentNullException.ThrowIfNull(configure);
        MilterDescriptor descriptor = EngineFactory.Describe<T>();
        MilterRegistry registry = RegistryOf(services);
        registry.Add(descriptor.Name, typeof(T), configure);
        services.AddOptions<MilterOptions>(descriptor.Name).ValidateOnStart();
        var health = new MilterHealth(descriptor.Name);
        services.AddSingleton(health);

        // Filters take a clock in their constructors, so that tests can set it; a host has none by itself.
        services.TryAddSingleton(TimeProvider.System);
        services.AddSingleton<IHostedService>(provider => new MilterHostedService(
            descriptor,
            static scope => T.Create(scope),
            T.Services,
            provider.GetRequiredService<IOptionsMonitor<MilterOptions>>(),
            provider.GetRequiredService<TimeProvider>(),
            provider.GetService<ILoggerFactory>() ?? NullLoggerFactory.Instance,
            health,
            registry,
            provider.GetRequiredService<MilterReloader>()));
        return services;
    }

    private static MilterRegistry RegistryOf(IServiceCollection services)
    {
        if (services.FirstOrDefault(static d => d.ServiceType == typeof(MilterRegistry))?.ImplementationInstance is MilterRegistry known)
        {
            return known;
        }

        var registry = new MilterRegistry();
        services.AddSingleton(registry);
        services.AddSingleton<IConfigureOptions<MilterOptions>>(provider => new ConfigureMilterOptions(registry, provider.GetService<IConfiguration>()));
        services.AddSingleton<IValidateOptions<MilterOptions>>(provider => new ValidateMilterOptions(registry, provider.GetService<IConfiguration>()));

        // In sessions, options are those of the session's start; anywhere else they are what they were.
        services.AddSingleton(static provider => new MilterReloader(provider));
        services.AddOptions();
        services.AddClosedOptions<MilterOptions>();
        services.AddScoped<OptionScope>();
        services.Replace(ServiceDescriptor.Scoped(typeof(IOptionsSnapshot<>), typeof(SessionOptions<>)));
        return registry;
    }
}
