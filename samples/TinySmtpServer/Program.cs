using System.Globalization;
using TinySmtpServer;

if (args.Length is not (2 or 3))
{
    Console.Error.WriteLine("Usage: TinySmtpServer PORT FILTER [FOLDER]\nTakes mail on 127.0.0.1:PORT, asks FILTER (inet:port@host, unix:/path) about it, and writes what passes to FOLDER.");
    return 64;
}

string folder = args.Length == 3 ? args[2] : Directory.CreateDirectory("mail").FullName;
await using var server = TinyServer.Start(int.Parse(args[0], CultureInfo.InvariantCulture), args[1], new MailFolder(folder).Store);
Console.WriteLine($"Listening on 127.0.0.1:{server.Port}, asking {args[1]}, writing to {folder}. Enter ends it.");
Console.ReadLine();
return 0;
