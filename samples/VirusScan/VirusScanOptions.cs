using Microsoft.Extensions.Options;

namespace Samples.VirusScan;

/// <summary>What becomes of a message with a virus.</summary>
internal enum InfectedAnswer
{
    /// <summary>It is refused.</summary>
    Refuse,

    /// <summary>It is taken and dropped.</summary>
    Discard,

    /// <summary>It is held in the MTA's quarantine.</summary>
    Hold,
}

/// <summary>What becomes of a message that nobody has looked at.</summary>
internal enum UnscannedAnswer
{
    /// <summary>It is put off.</summary>
    TempFail,

    /// <summary>It passes, with a field that says so.</summary>
    Pass,
}

/// <summary>What a postmaster sets: the section <c>VirusScan</c>.</summary>
internal sealed class VirusScanOptions
{
    public const string Section = "VirusScan";

    /// <summary>The unix socket of clamd (<c>LocalSocket</c> in its settings).</summary>
    public string Socket { get; set; } = "/run/clamav/clamd.ctl";

    /// <summary>How long clamd may take for a message. Less than the filter's <c>EndOfMessageBudget</c>.</summary>
    public TimeSpan Timeout { get; set; } = TimeSpan.FromMinutes(1);

    /// <summary>How large a message may be to be scanned. Not above clamd's <c>StreamMaxLength</c> (25 MiB by default).</summary>
    public long MaxBytes { get; set; } = 25L << 20;

    /// <summary>What becomes of a message with a virus.</summary>
    public InfectedAnswer OnInfected { get; set; }

    /// <summary>What becomes of a message that could not be scanned: too large, clamd away, too slow, or an error.</summary>
    public UnscannedAnswer OnUnscanned { get; set; }
}

/// <summary>Looks at the options when the program starts.</summary>
internal sealed class VirusScanValidator : IValidateOptions<VirusScanOptions>
{
    public ValidateOptionsResult Validate(string? name, VirusScanOptions options) => options.Socket.StartsWith('/') && options.Timeout > TimeSpan.Zero && options.MaxBytes > 0
        ? ValidateOptionsResult.Success
        : ValidateOptionsResult.Fail($"{VirusScanOptions.Section} needs a {nameof(options.Socket)} such as /run/clamav/clamd.ctl, and a {nameof(options.Timeout)} and {nameof(options.MaxBytes)} above nothing.");
}
