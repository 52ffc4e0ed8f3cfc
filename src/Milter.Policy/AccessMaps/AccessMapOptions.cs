namespace Milter.Policy;

/// <summary>Where the access map is: the section <c>Policy:AccessMap</c>.</summary>
public sealed class AccessMapOptions
{
    internal const string Section = "Policy:AccessMap";

    /// <summary>Gets or sets the file: the text from which <c>makemap</c> makes Sendmail's <c>access.db</c>.</summary>
    public string File { get; set; } = "";
}
