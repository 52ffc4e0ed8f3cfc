[Milter]
partial class Filter
{
    [OnRcpt] {|MILTER021:bool|} IsLocal(EnvelopeAddress to) => {|MILTER169:to.Domain == "localhost"|};
}
