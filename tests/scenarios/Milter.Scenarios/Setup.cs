using System.ComponentModel;
using System.Diagnostics.Metrics;
using System.Reflection;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Milter.Scenarios;

/// <summary>The surroundings of a filter: options by name, since other commits have others; services; the listener of the meter.</summary>
internal static class Setup
{
    /// <summary>Sets <c>--set Name=Value</c>, and <c>--try Name=Value</c> where there is such an option.</summary>
    public static void Apply(CommandLine line, MilterOptions options)
    {
        foreach (string given in line.All("--set"))
        {
            if (!TrySet(options, given))
            {
                throw new ArgumentException($"There is no option for {given}.");
            }
        }

        foreach (string given in line.All("--try"))
        {
            if (!TrySet(options, given))
            {
                Console.Error.WriteLine($"no option for {given}");
            }
        }
    }

    public static ServiceProvider Services(CommandLine line)
    {
        var services = new ServiceCollection();
        services.AddSingleton<ILoggerFactory, EventLog>();
        services.AddScoped<HangingService>();
        if (line.Has("--steered-time"))
        {
            services.AddSingleton<TimeProvider, SteeredTime>();
        }

        return services.BuildServiceProvider();
    }

    /// <summary>Listens to the library's meter, and throws at each measurement while it is told to.</summary>
    public static MeterListener Listen()
    {
        var listener = new MeterListener();
        listener.InstrumentPublished = static (instrument, self) =>
        {
            if (instrument.Meter.Name == "AttrMilter")
            {
                self.EnableMeasurementEvents(instrument);
            }
        };
        listener.SetMeasurementEventCallback<int>(static (_, _, _, _) => ThrowIfTold());
        listener.SetMeasurementEventCallback<long>(static (_, _, _, _) => ThrowIfTold());
        listener.SetMeasurementEventCallback<double>(static (_, _, _, _) => ThrowIfTold());
        listener.Start();
        return listener;
    }

    private static void ThrowIfTold()
    {
        if (Switches.Meter)
        {
            throw new InvalidOperationException("The listener fails.");
        }
    }

    private static bool TrySet(MilterOptions options, string given)
    {
        string[] parts = given.Split('=', 2);
        PropertyInfo? option = typeof(MilterOptions).GetProperty(parts[0]);
        option?.SetValue(options, TypeDescriptor.GetConverter(option.PropertyType).ConvertFromInvariantString(parts[1]));
        return option is not null;
    }
}
