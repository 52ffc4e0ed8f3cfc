namespace Milter.Mta.Tests;

/// <summary>The collections of tests; the classes of one run one after the other, so that few servers run at a time.</summary>
public static class MtaCollections
{
    /// <summary>Classes that need Postfix only.</summary>
    public const string Postfix = "Postfix";

    /// <summary>Classes that need Sendmail only.</summary>
    public const string Sendmail = "Sendmail";

    /// <summary>Classes whose theories run on both.</summary>
    public const string Both = "Both servers";
}
