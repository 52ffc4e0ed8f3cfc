using System.CommandLine;
using System.Text.Json.Nodes;
using Milter.Mime;

namespace Milter.Tool;

/// <summary><c>milter parts</c>: the tree of a message as <see cref="MailParts"/> sees it.</summary>
internal static class PartsCommand
{
    public static Command Make(Terminal terminal)
    {
        var file = new Argument<string>("FILE") { Description = "A message; - for the standard input." };
        Option<bool> json = SendCommand.Json();
        var command = new Command("parts", "Shows the parts of a message as a policy sees them: all names that some mail program may show, what is in archives, and where readers would disagree.") { file, json };
        HelpWithExamples.Add(
            "parts",
            "milter parts message.eml",
            "milter parts message.eml --json | jq -r '.parts[].names[]'",
            "postcat -bhq 4F2B1C0D | milter parts - --json | jq .ambiguous");
        command.SetAction(async (parsed, cancellation) =>
        {
            await using Stream message = await OpenAsync(parsed.GetValue(file)!, terminal, cancellation);
            using MailParts parts = MailParts.Read(message, new MailPartsOptions().UseSharpCompress(), cancellation);
            if (parsed.GetValue(json))
            {
                terminal.Line(SendJson.Pretty(Json(parts)));
            }
            else
            {
                Write(terminal, parts);
            }

            return ExitCode.Passed;
        });
        return command;
    }

    private static async Task<Stream> OpenAsync(string file, Terminal terminal, CancellationToken cancellation)
    {
        if (file != "-")
        {
            return File.OpenRead(file);
        }

        var input = new MemoryStream();
        await terminal.Input.CopyToAsync(input, cancellation);
        return input;
    }

    private static JsonObject Json(MailParts parts) => new()
    {
        ["parts"] = new JsonArray([.. parts.Select(Json)]),
        ["ambiguous"] = SendJson.Array(parts.Ambiguities.Select(ambiguity => ambiguity.ToString())),
    };

    private static JsonNode Json(MailPart part) => new JsonObject
    {
        ["path"] = part.Path,
        ["type"] = part.MediaType,
        ["disposition"] = part.Disposition,
        ["size"] = part.Size,
        ["names"] = Texts(part.Names),
        ["sha256"] = part.Sha256,
        ["entries"] = Texts(part.Entries.Select(entry => entry.Name)),
    };

    // Not made fit to be shown: a program has to see each character.
    private static JsonArray Texts(IEnumerable<string> texts) => new([.. texts.Select(text => (JsonNode?)JsonValue.Create(text))]);

    private static void Write(Terminal terminal, MailParts parts)
    {
        foreach (MailPart part in parts)
        {
            string indent = new(' ', 2 * part.Path.Count(c => c == '.'));
            string names = string.Concat(part.Names.Select(name => $"  \"{name}\""));
            string disposition = part.Disposition is { } some ? "  " + some : "";
            string origin = part.Origin switch
            {
                PartOrigin.Uuencode => "  (uuencoded in the text)",
                PartOrigin.Tnef => "  (in TNEF)",
                PartOrigin.SignedData => "  (in signed S/MIME)",
                PartOrigin.Encoded => "  (in an encoded message)",
                _ => "",
            };
            terminal.Line(Shown.Plain($"{indent}{part.Path}  {part.MediaType}{disposition}  {part.Size} bytes{names}{origin}"));
            if (part.IsLeaf)
            {
                terminal.Line($"{indent}    sha256 {part.Sha256}");
            }

            foreach (ArchiveEntry entry in part.Entries)
            {
                terminal.Line(Shown.Plain($"{indent}    - {entry.Name}{(entry.IsEncrypted ? "  (encrypted)" : "")}"));
            }
        }

        foreach (Ambiguity ambiguity in parts.Ambiguities)
        {
            terminal.Line(Shown.Plain($"ambiguous: {ambiguity}"));
        }
    }
}
