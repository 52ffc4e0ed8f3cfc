using Microsoft.Extensions.Options;
using Milter;

namespace Samples.SenderCheck;

/// <summary>What is done about a result.</summary>
internal enum SenderAction
{
    /// <summary>It passes, with the result in its header.</summary>
    Mark,

    /// <summary>It is put aside by the MTA (Postfix: the hold queue).</summary>
    Hold,

    /// <summary>It is refused for now.</summary>
    TempFail,

    /// <summary>It is refused.</summary>
    Reject,
}

/// <summary>What a postmaster sets: the section <c>SenderCheck</c>. By default everything passes with a mark.</summary>
internal sealed class SenderCheckOptions
{
    public const string Section = "SenderCheck";

    /// <summary>SPF says that the client is none of the sender's.</summary>
    public SenderAction OnSpfFail { get; set; }

    /// <summary>SPF says that it probably is none.</summary>
    public SenderAction OnSpfSoftFail { get; set; }

    /// <summary>DMARC fails, and the domain in From wants such mail to be suspected.</summary>
    public SenderAction OnQuarantine { get; set; }

    /// <summary>DMARC fails, and the domain in From wants such mail to be refused.</summary>
    public SenderAction OnReject { get; set; }

    /// <summary>Something could not be judged because a name server does not answer.</summary>
    public SenderAction OnTempError { get; set; }

    /// <summary>Clients whose mail passes with a mark whatever the result: forwarders, mailing lists.</summary>
    public IpNetworkSet ExemptClients { get; set; } = [];

    /// <summary>Whether nothing is refused, put off or held, and the log says what would have been.</summary>
    public bool DryRun { get; set; }
}

/// <summary>Looks at the options when the program starts.</summary>
internal sealed class SenderCheckValidator : IValidateOptions<SenderCheckOptions>
{
    public ValidateOptionsResult Validate(string? name, SenderCheckOptions options) => options.ExemptClients.Complaints.Count == 0
        ? ValidateOptionsResult.Success
        : ValidateOptionsResult.Fail(options.ExemptClients.Complaints.Select(complaint => $"{SenderCheckOptions.Section}:{nameof(options.ExemptClients)}, {complaint}"));
}
