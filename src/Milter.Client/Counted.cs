using System.Globalization;

namespace Milter.Client;

/// <summary>Numbers of things, in words.</summary>
internal static class Counted
{
    /// <summary>Says how many: <c>1 byte</c>, <c>2 bytes</c>.</summary>
    public static string Of(long count, string what) => string.Create(CultureInfo.InvariantCulture, $"{count} {what}{(count == 1 ? "" : "s")}");

    /// <summary>Says how often: <c>once</c>.</summary>
    public static string Times(int count) => count switch { 0 => "never", 1 => "once", 2 => "twice", _ => string.Create(CultureInfo.InvariantCulture, $"{count} times") };
}
