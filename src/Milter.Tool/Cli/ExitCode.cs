namespace Milter.Tool;

/// <summary>The exit codes; from 64 on those of <c>sysexits.h</c>.</summary>
internal static class ExitCode
{
    /// <summary>The message passes; the check found nothing.</summary>
    public const int Passed = 0;

    /// <summary>The message is refused; the check or the comparison found something.</summary>
    public const int Refused = 1;

    /// <summary>The message is taken and dropped.</summary>
    public const int Discarded = 2;

    /// <summary>The command line is wrong.</summary>
    public const int Usage = 64;

    /// <summary>What was given can't be used: a project that does not build, an assembly without milters.</summary>
    public const int Data = 65;

    /// <summary>A file is not there or can't be read.</summary>
    public const int NoInput = 66;

    /// <summary>No filter answers there.</summary>
    public const int Unreachable = 69;

    /// <summary>A file can't be written.</summary>
    public const int CantCreate = 73;

    /// <summary>The message is refused for now.</summary>
    public const int TempFailed = 75;

    /// <summary>The filter is silent, hangs up or does not keep to the protocol.</summary>
    public const int Protocol = 76;

    /// <summary>Ctrl+C.</summary>
    public const int Interrupted = 130;
}
