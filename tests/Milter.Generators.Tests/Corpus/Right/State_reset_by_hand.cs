// a member that the end of the message resets by hand
//> EOM: InsertHeader X-Recipients|2
//> EOM: InsertHeader X-Recipients|1
[Milter]
partial class Filter
{
    private int _recipients;

    [OnRcpt] void To() => _recipients++;
    [OnEom] void End(HeaderAdder adder) => adder.Add("X-Recipients", $"{_recipients}");
    [OnMessageEnd] void Ended(MessageOutcome outcome) => _recipients = 0;
}
