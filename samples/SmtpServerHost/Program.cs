using System.Globalization;
using Samples.SmtpServerHost;

if (args.Length is not (2 or 3) || !int.TryParse(args[0], NumberStyles.None, CultureInfo.InvariantCulture, out int port))
{
    Console.Error.WriteLine("Usage: smtp-server-host PORT FILTER [FOLDER]\nTakes mail on 127.0.0.1:PORT, asks FILTER (inet:port@host, unix:/path) about it, and writes what passes to FOLDER.");
    return 64;
}

string folder = Directory.CreateDirectory(args.Length == 3 ? args[2] : "mail").FullName;
await using FilteredServer server = await FilteredServer.StartAsync(port, args[1], new MailFolder(folder).Store);
Console.WriteLine($"Listening on 127.0.0.1:{server.Port}, asking {args[1]}, writing to {folder}. Enter ends it.");
Console.ReadLine();
return 0;
