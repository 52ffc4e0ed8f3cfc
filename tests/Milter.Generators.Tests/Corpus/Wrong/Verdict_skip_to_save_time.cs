[Milter]
partial class Filter
{
    /// <summary>Somebody read about SMFIS_SKIP and hopes for speed.</summary>
    [OnHeader]
    Verdict Header(HeaderField field)
    {
        if (!field.Is("Subject"))
        {
            return {|MILTER080:Verdict.Skip|};
        }

        return field.DecodedValue.Contains("lottery") ? Verdict.Reject() : Verdict.Continue;
    }
}
