namespace Milter.Scenarios;

/// <summary>Faults of a filter's surroundings that the driver, or a handler, turns on.</summary>
internal static class Switches
{
    private static volatile bool s_logger, s_meter;

    /// <summary>Whether the logger throws when it is asked what it takes.</summary>
    public static bool Logger => s_logger;

    /// <summary>Whether the listener of the meter throws.</summary>
    public static bool Meter => s_meter;

    public static void Set(string name, bool on)
    {
        switch (name)
        {
            case "logger":
                s_logger = on;
                break;
            case "meter":
                s_meter = on;
                break;
            case "time":
                SteeredTime.Throws = on;
                break;
            case "owner":
                SteeredTime.HoldOwner(on ? 4 : 0);
                break;
            default:
                throw new ArgumentException($"There is no switch {name}.");
        }
    }
}
