using Microsoft.Extensions.Options;

namespace Milter.Hosting;

/// <summary>What keeps a program from starting and is for a postmaster to mend: no stack trace is of any help there.</summary>
internal static class StartFailure
{
    // EX_CONFIG of sysexits.h.
    private const int BadConfiguration = 78;

    /// <summary>Says on the standard error stream what has to be mended, and sets the exit code of the process.</summary>
    public static void Tell(string reason)
    {
        Console.Error.WriteLine(reason);
        Environment.ExitCode = BadConfiguration;
    }

    /// <summary>Says what has to be mended, a line each.</summary>
    /// <returns><see langword="null"/> where the exception is something else.</returns>
    public static string? Describe(Exception exception) => exception switch
    {
        OptionsValidationException options => string.Join('\n', options.Failures),
        MilterEndPointException or MilterListenException => exception.Message,
        AggregateException { InnerExceptions: { Count: > 0 } inner } when inner.All(static e => Describe(e) is not null) => string.Join('\n', inner.Select(Describe)),
        _ => null,
    };
}
