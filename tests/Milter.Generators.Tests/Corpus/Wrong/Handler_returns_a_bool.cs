[Milter]
partial class Filter
{
    [OnRcpt] {|MILTER021:bool|} IsLocal(EnvelopeAddress to) => to.Domain == "localhost";
}
