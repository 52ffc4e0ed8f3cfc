// a method at five stages
//> EOM: InsertHeader X-Steps|54
//> EOM: InsertHeader X-Steps|42
[Milter]
partial class Filter
{
    [PerMessage] private int _steps;

    [OnMail, OnRcpt, OnData, OnHeader, OnBody] void Count(MilterContext context) => _steps += context.ProtocolVersion;

    [OnEom] void End(HeaderAdder adder) => adder.Add("X-Steps", $"{_steps}");
}
