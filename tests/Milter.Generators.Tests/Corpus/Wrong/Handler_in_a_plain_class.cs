public class Filter
{
    [{|MILTER025:OnMail|}] public Verdict Mail(EnvelopeAddress from) => default;

    [{|MILTER025:OnHeader("Subject")|}] public void Subject(HeaderField field) { }
}
