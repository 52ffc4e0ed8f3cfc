namespace Milter.Message;

/// <summary>Who writes the space behind the colon of a header field.</summary>
internal enum ColonSpace
{
    /// <summary>The MTA, before whatever value it gets.</summary>
    OfTheMta,

    /// <summary>The filter, which sees it too: a value that begins with white space is written as it is.</summary>
    OfTheFilter,

    /// <summary>The engine, before whatever value the filter gives: <c>SMFIP_HDR_LEADSPC</c> is agreed, and the filter is not to notice.</summary>
    Hidden,
}
