using System.CommandLine;

namespace Milter.Tool;

/// <summary><c>milter auth</c>: who sent a message, and keys to sign with.</summary>
internal static class AuthCommand
{
    public static Command Make(Terminal terminal) =>
        new("auth", "Checks who sent a message (SPF, DKIM, DMARC), and makes keys to sign with.")
        {
            AuthCheckCommand.Make(terminal),
            AuthGenkeyCommand.Make(terminal),
        };
}
