// nullable off for one class only
//> EOM: InsertHeader X-Helo|client.example.org client.example.org
//> EOM: InsertHeader X-Helo|client.example.org client.example.org
#nullable disable
[Milter]
partial class Filter
{
    [OnEom] void End(HeaderAdder adder, [Helo] string helo, ConnectInfo client) => adder.Add("X-Helo", helo + " " + client.HostName);
}
