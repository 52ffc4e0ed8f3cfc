// nothing but static methods, in a sealed class
//> EOM: Accept
//> EOM: Accept
[Milter]
sealed partial class Filter
{
    [OnConnect] static Verdict Connect(ConnectInfo client) => client.Port == 4711 ? Verdict.Continue : Verdict.Accept;

    [OnHelo] static Verdict Helo(ReadOnlySpan<byte> name) => name.SequenceEqual("client.example.org"u8) ? Verdict.Continue : Verdict.Reject();

    [OnEom] static Verdict End() => Verdict.Accept;
}
