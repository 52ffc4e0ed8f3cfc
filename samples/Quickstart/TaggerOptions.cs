using Milter;

namespace Quickstart;

/// <summary>What a postmaster sets: the section <c>Quickstart</c> of <c>appsettings.json</c>.</summary>
internal sealed class TaggerOptions
{
    public const string Section = "Quickstart";

    /// <summary>What stands before the subject of mail from outside.</summary>
    public string Tag { get; set; } = "[EXTERNAL]";

    /// <summary>Words that no subject may have. Case does not matter; a phrase of several words may be given as well.</summary>
    public IList<string> Words { get; set; } = [];

    /// <summary>Networks that are not outside: in CIDR notation, single addresses, or ranges.</summary>
    public IpNetworkSet TrustedNetworks { get; set; } = [];

    /// <summary>The value of the <c>X-Milter</c> field that every message gets.</summary>
    public string HeaderValue { get; set; } = "AttrMilter Quickstart";

    /// <summary>The same in the form in which the filter asks; made once, since options are one object for all sessions between two reloads.</summary>
    internal TaggerRules Rules => field ??= new TaggerRules(Microsoft.Extensions.Options.Options.Create(this));
}
