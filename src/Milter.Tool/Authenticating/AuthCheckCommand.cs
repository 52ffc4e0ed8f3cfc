using System.CommandLine;
using System.Net;
using Milter.Auth;

namespace Milter.Tool;

/// <summary><c>milter auth check</c>: judges a client and its message as a filter would.</summary>
internal static class AuthCheckCommand
{
    public static Command Make(Terminal terminal)
    {
        var file = new Argument<string?>("FILE") { Description = "The message, - for the standard input. Left out, the envelope alone is judged.", Arity = ArgumentArity.ZeroOrOne };
        var client = new Option<string>("--client", "--client-ip") { Description = "The client's address.", HelpName = "ADDRESS", Required = true };
        var helo = new Option<string>("--helo") { Description = "The name that the client gives at HELO.", HelpName = "NAME", DefaultValueFactory = static _ => "" };
        var from = new Option<string?>("--from") { Description = "The envelope's sender; empty for the null sender. Left out: the message's Return-Path, else the null sender.", HelpName = "ADDRESS" };
        var resolver = new Option<string[]>("--resolver") { Description = "The name server to ask, instead of the system's; may be given several times.", HelpName = "HOST:PORT", DefaultValueFactory = static _ => [] };
        Option<bool> json = SendCommand.Json();
        var command = new Command("check", "Judges a client and its message: SPF, DKIM, ARC, DMARC, with reasons, and the field Authentication-Results that a filter would add. Exit code 0: nothing speaks against it; 1: fail or permerror; 75: temperror. With a message DMARC decides where the domain has a policy, else SPF.")
        {
            file, client, helo, from, resolver, json,
        };
        HelpWithExamples.Add(
            "auth check",
            "milter auth check --client 192.0.2.7 --helo mail.example.net --from joe@example.net",
            "milter auth check message.eml --client 192.0.2.7 --helo mail.example.net --from joe@example.net --json",
            "milter auth check --client 192.0.2.7 --helo mail.example.net --from '' --resolver 127.0.0.1:5353");
        command.SetAction((parsed, cancellation) =>
        {
            var asked = new AuthQuestion(
                ReadMessage(parsed.GetValue(file), terminal),
                Address(parsed.GetValue(client)!),
                parsed.GetValue(helo)!,
                parsed.GetValue(from));
            return AuthReport.CheckAsync(asked, Dns(parsed.GetValue(resolver)!), terminal, parsed.GetValue(json), cancellation);
        });
        return command;
    }

    private static byte[]? ReadMessage(string? file, Terminal terminal)
    {
        switch (file)
        {
            case null:
                return null;
            case "-":
                using (var all = new MemoryStream())
                {
                    terminal.Input.CopyTo(all);
                    return all.ToArray();
                }

            default:
                return File.Exists(file) ? File.ReadAllBytes(file) : throw new ToolException(ExitCode.NoInput, $"{file} is not there.");
        }
    }

    // MTAs write IPv6 addresses with a prefix; who copies one from a log has it.
    private static IPAddress Address(string text)
    {
        string plain = text.StartsWith("IPv6:", StringComparison.OrdinalIgnoreCase) ? text[5..] : text;
        return IPAddress.TryParse(plain.Trim('[', ']'), out IPAddress? address) && (plain.Contains('.', StringComparison.Ordinal) || plain.Contains(':', StringComparison.Ordinal))
            ? address
            : throw new ToolException(ExitCode.Usage, $"--client \"{Shown.Plain(text)}\" is no address: write it as 192.0.2.7 or 2001:db8::7.");
    }

    private static DnsOptions Dns(string[] resolvers)
    {
        var options = new DnsOptions();
        foreach (string resolver in resolvers)
        {
            // A name is of use here, as on the command line of dig; in a filter's settings it would need a resolver to find the resolver.
            int colon = resolver.LastIndexOf(':');
            string entry = DnsServers.Parse(resolver, out _) is not null && colon > 0 && resolver[..colon] == "localhost" ? "127.0.0.1" + resolver[colon..] : resolver == "localhost" ? "127.0.0.1" : resolver;
            options.Servers.Add(DnsServers.Parse(entry, out _) is { } problem ? throw new ToolException(ExitCode.Usage, $"--resolver {problem}") : entry);
        }

        return options;
    }
}
