#!/usr/bin/env bash
# SmtpServer 11.1.0 (NuGet): a mailbox filter refuses by SmtpResponseException with a reply of its own, and the client is told other words: ", 4 retry(ies) remaining." stands behind them, counted down
# with each refusal, and the fifth closes the session, of a client that has done nothing wrong but to have five recipients that are not here. What stands there is part of the reply: a policy's link at the
# end of the text ("see https://example.org/why") is broken by it. MaxRetryCount moves the end away and not the words. A host has no other way to refuse in words of its own at MAIL and RCPT.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
cat >refusal.csproj <<'EOF'
<Project Sdk="Microsoft.NET.Sdk">
  <PropertyGroup><OutputType>Exe</OutputType><TargetFramework>net10.0</TargetFramework><ImplicitUsings>enable</ImplicitUsings></PropertyGroup>
  <ItemGroup><PackageReference Include="SmtpServer" Version="[11.1.0]" /></ItemGroup>
</Project>
EOF
cat >Program.cs <<'EOF'
using System.Net;
using System.Net.Sockets;
using SmtpServer;
using SmtpServer.Mail;
using SmtpServer.Net;
using SmtpServer.Protocol;
using SmtpServer.Storage;

var port = new TaskCompletionSource<int>();
var listeners = new EndpointListenerFactory();
listeners.EndpointStarted += (_, started) => port.TrySetResult(((IPEndPoint)started.LocalEndPoint).Port);
var services = new SmtpServer.ComponentModel.ServiceProvider();
services.Add(listeners);
services.Add((IMailboxFilter)new Refusing());
var server = new SmtpServer.SmtpServer(new SmtpServerOptionsBuilder().ServerName("mx.example").Endpoint(one => one.Endpoint(new IPEndPoint(IPAddress.Loopback, 0))).Build(), services);
_ = server.StartAsync(CancellationToken.None);
using var client = new TcpClient("127.0.0.1", await port.Task);
using var reader = new StreamReader(client.GetStream());
using var writer = new StreamWriter(client.GetStream()) { AutoFlush = true, NewLine = "\r\n" };
Console.WriteLine(await reader.ReadLineAsync());
await writer.WriteLineAsync("HELO client.example");
Console.WriteLine(await reader.ReadLineAsync());
await writer.WriteLineAsync("MAIL FROM:<a@example.org>");
Console.WriteLine(await reader.ReadLineAsync());
for (int i = 0; i < 6; i++)
{
    try
    {
        await writer.WriteLineAsync($"RCPT TO:<nobody{i}@example.org>");
        Console.WriteLine(await reader.ReadLineAsync() ?? "(closed)");
    }
    catch (IOException)
    {
        Console.WriteLine("(closed)");
    }
}

Environment.Exit(0);

internal sealed class Refusing : IMailboxFilter
{
    public Task<bool> CanAcceptFromAsync(ISessionContext context, IMailbox from, int size, CancellationToken token) => Task.FromResult(true);

    public Task<bool> CanDeliverToAsync(ISessionContext context, IMailbox to, IMailbox from, CancellationToken token) =>
        throw new SmtpResponseException(new SmtpResponse(SmtpReplyCode.MailboxUnavailable, "5.1.1 Not here, see https://example.org/why"));
}
EOF
dotnet run -v quiet >said 2>error || { cat said error; exit 1; }
cat said
grep -q '^550 5.1.1 Not here, see https://example.org/why, 4 retry(ies) remaining\.' said && grep -q 'closed' said || { echo "This SmtpServer behaves otherwise now."; exit 1; }
