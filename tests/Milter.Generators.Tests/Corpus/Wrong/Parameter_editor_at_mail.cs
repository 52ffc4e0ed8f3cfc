[Milter]
partial class Filter
{
    [OnMail] Verdict Mail(EnvelopeAddress from, HeaderEditor {|MILTER040:headers|}) => default;
}
