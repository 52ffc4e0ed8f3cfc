using Milter.Limits;
using Milter.Session;

namespace Milter.Runtime.Tests.Session;

internal static class SettingsExtensions
{
    /// <summary>Gets the settings with other options, and limits of their own.</summary>
    public static SessionSettings With(this SessionSettings settings, Action<MilterOptions> change)
    {
        MilterOptions options = settings.Options.Clone();
        change(options);
        return settings with { Options = options, Limits = new ProcessLimits(options) };
    }
}
