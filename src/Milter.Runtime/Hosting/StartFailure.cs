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
        MilterEndPointException or MilterListenException or MilterServiceException => exception.Message,
        AggregateException { InnerExceptions: { Count: > 0 } inner } when inner.All(static e => Describe(e) is not null) => string.Join('\n', inner.Select(Describe)),
        _ => null,
    };

    /// <summary>Says why a host could not be built, a line each: a settings file, the command line, a log level, services.</summary>
    /// <returns><see langword="null"/> where the exception is something else.</returns>
    public static string? DescribeBuild(Exception exception) => Describe(exception) ?? exception switch
    {
        AggregateException { InnerExceptions: { Count: > 0 } inner } when inner.All(static e => DescribeBuild(e) is not null) => string.Join('\n', inner.Select(DescribeBuild).Distinct()),
        InvalidDataException or FormatException or InvalidOperationException or IOException or UnauthorizedAccessException => WithCause(exception),
        _ => null,
    };

    // The platform's message names the file, that of the cause the place in it.
    private static string WithCause(Exception exception)
    {
        Exception cause = exception.GetBaseException();
        string text = cause.Message == exception.Message ? exception.Message : $"{exception.Message} {cause.Message}";
        return text.ReplaceLineEndings(" ");
    }
}
