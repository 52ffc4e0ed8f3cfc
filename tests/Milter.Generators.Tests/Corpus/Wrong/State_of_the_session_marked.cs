[Milter]
partial class Filter
{
    [PerMessage] private bool _isTrusted;

    [OnConnect] void Connect(ConnectInfo client) => {|MILTER115:_isTrusted|} = client.IsLocal;
    [OnRcpt] Verdict To(EnvelopeAddress to) => _isTrusted || to.Domain.Length > 0 ? Verdict.Continue : Verdict.Reject();
}
