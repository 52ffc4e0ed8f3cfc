using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;
using System.Numerics;

namespace Milter.Tool;

/// <summary>Options that take a number: each says its range where it is given another.</summary>
internal static class NumberOption
{
    // A day: who waits longer waits for something else. It is also far below what timers can measure.
    private const double MostSeconds = 86_400;

    /// <summary>A number of things, from 1 on.</summary>
    public static Option<int> Count(string name, string description, int byDefault, params string[] aliases) => Whole(name, description, 1, int.MaxValue, byDefault, aliases);

    /// <summary>A whole number in a range.</summary>
    public static Option<int> Whole(string name, string description, int least, int most, int byDefault, params string[] aliases) => new(name, aliases)
    {
        Description = description,
        HelpName = "N",
        CustomParser = result => Read(result, name, least, most),
        DefaultValueFactory = _ => byDefault,
    };

    /// <summary>A number of things, from 1 on; without the option there is no such number.</summary>
    public static Option<long?> Limit(string name, string description, params string[] aliases) => new(name, aliases)
    {
        Description = description,
        HelpName = "N",
        CustomParser = result => Read(result, name, 1L, long.MaxValue),
    };

    /// <summary>A time in seconds.</summary>
    public static Option<double> Seconds(string name, string description, double byDefault, params string[] aliases) => new(name, aliases)
    {
        Description = description,
        HelpName = "SECONDS",
        CustomParser = result => ReadSeconds(result, name),
        DefaultValueFactory = _ => byDefault,
    };

    /// <summary>A time in seconds; without the option there is no such time.</summary>
    public static Option<double?> Seconds(string name, string description, params string[] aliases) => new(name, aliases)
    {
        Description = description,
        HelpName = "SECONDS",
        CustomParser = result => ReadSeconds(result, name),
    };

    private static T Read<T>(ArgumentResult result, string name, T least, T most)
        where T : struct, IBinaryInteger<T>, IMinMaxValue<T>
    {
        string given = result.Tokens[0].Value;
        if (T.TryParse(given, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out T number) && number >= least && number <= most)
        {
            return number;
        }

        result.AddError($"{name} takes a whole number {(most == T.MaxValue ? $"from {least} on" : $"from {least} to {most}")}, not \"{given}\".");
        return default;
    }

    private static double ReadSeconds(ArgumentResult result, string name)
    {
        string given = result.Tokens[0].Value;
        if (double.TryParse(given, NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out double seconds) && seconds >= 0.001 && seconds <= MostSeconds)
        {
            return seconds;
        }

        result.AddError(string.Create(CultureInfo.InvariantCulture, $"{name} takes seconds from 0.001 to {MostSeconds}, such as 5 or 0.5, not \"{given}\"."));
        return default;
    }
}
