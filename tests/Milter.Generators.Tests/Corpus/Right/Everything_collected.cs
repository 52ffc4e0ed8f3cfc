// all that is collected, at the end
//> EOM: InsertHeader X-1|client.example.org 192.0.2.1 client.example.org mx.example.net alice\n alice
//> EOM: InsertHeader X-2|alice@example.org 2 3 10
//> EOM: InsertHeader X-1|client.example.org 192.0.2.1 client.example.org mx.example.net alice\n alice
//> EOM: InsertHeader X-2|alice@example.org 1 2 10
[Milter]
partial class Filter
{
    [OnEom]
    void End(
        ConnectInfo? client, [ClientAddress] IPAddress? address, [Helo] string? helo, MessageEnvelope envelope, MessageHeaders headers, MessageBody body,
        [Macro("j")] string? host, [Macro("{auth_authen}")] string? user, Authentication? authentication, HeaderAdder adder)
    {
        adder.Add("X-1", $"{client?.HostName} {address} {helo} {host} {user} {authentication?.Identity}");
        adder.Add("X-2", $"{envelope.Sender.Address} {envelope.Recipients.Count} {headers.Count} {body.Length}");
    }
}
