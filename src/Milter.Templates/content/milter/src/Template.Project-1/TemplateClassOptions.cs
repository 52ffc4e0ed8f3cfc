using Milter;

namespace Template.Namespace;

/// <summary>The section <c>TemplateClass</c> of <c>appsettings.json</c>.</summary>
internal sealed class TemplateClassOptions
{
    public const string Section = "TemplateClass";

    /// <summary>Networks that are not outside: in CIDR notation, single addresses, or ranges.</summary>
    public IpNetworkSet TrustedNetworks { get; set; } = [];
}
