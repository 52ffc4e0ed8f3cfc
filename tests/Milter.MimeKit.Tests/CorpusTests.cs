using System.Diagnostics;
using System.Text;
using System.Text.Json.Nodes;
using MimeKit;
using Milter.Mime.Binding;

namespace Milter.Mime.Tests;

/// <summary>What holds for every message, lawful or not.</summary>
public sealed class CorpusTests
{
    [Fact]
    public void Without_an_edit_each_message_is_as_it_came()
    {
        int count = 0;
        foreach ((string name, byte[] message) in Corpus.All())
        {
            count++;
            using MailParts parts = Mail.Read(message);
            Assert.True(parts.Changes().IsEmpty, name);
            Assert.True(Written(parts).AsSpan().SequenceEqual(message), name);
        }

        Assert.True(count >= 300, $"{count} messages");
    }

    [Fact]
    public void An_untouched_tree_has_no_changes()
    {
        foreach ((string name, byte[] message) in Corpus.All())
        {
            if (TryTree(message) is not { } tree)
            {
                continue;
            }

            _ = tree.Message.BodyParts.Select(part => (part.ContentType.Name, part.ContentDisposition?.FileName)).ToArray();
            var changes = new TreeChanges(tree);
            changes.Find();
            Assert.True(changes.Fields.Count == 0 && changes.Pieces.Count == 0, name);
        }
    }

    [Fact]
    public void After_an_edit_only_the_bytes_of_that_part_differ()
    {
        int edited = 0;
        foreach ((string name, byte[] message) in Corpus.All())
        {
            using MailParts before = Mail.Read(message);
            for (int i = 0; i < before.Count; i++)
            {
                using MailParts parts = Mail.Read(message);
                MailPart part = parts[i];
                if (part is not { Origin: PartOrigin.Mime, Parent.IsMultipart: true } || part.ReplaceWithNotice("gone") != EditOutcome.Done)
                {
                    continue;
                }

                edited++;
                byte[] written = Written(parts);
                Assert.True(part.Begin <= message.Length && part.End <= message.Length && part.Begin <= written.Length, $"{name} {part.Path}: {part.Begin}..{part.End} of {message.Length}");
                Assert.True(written.AsSpan().StartsWith(message.AsSpan(0, (int)part.Begin)), $"{name} {part.Path}: before");
                Assert.True(written.AsSpan().EndsWith(message.AsSpan((int)part.End)), $"{name} {part.Path}: behind");
                Assert.Equal("gone", Encoding.ASCII.GetString(written.AsSpan((int)part.Begin..(written.Length - (message.Length - (int)part.End)))).Split("\r\n")[^1].Split('\n')[^1]);
            }
        }

        Assert.True(edited > 200, $"{edited} edits");
    }

    [Fact]
    public void Every_edit_of_every_message_leaves_one_that_can_be_read()
    {
        foreach ((string name, byte[] message) in Corpus.All())
        {
            using MailParts parts = Mail.Read(message);
            parts.AppendText("footer ü", breakSignature: true);
            parts.PrependHtml("<b>banner ü</b>");
            foreach (MailPart part in parts)
            {
                part.Rename("ü.txt");
                part.Neutralize();
            }

            parts.Attach("b.txt", "text/plain", "b"u8);
            using MailParts after = Mail.Read(Written(parts));
            Assert.True(after.Any(part => part.Names.Contains("b.txt")), name);
        }
    }

    [Fact]
    public void MimeKits_parsers_see_no_name_that_is_not_there()
    {
        foreach ((string name, byte[] message) in Corpus.All())
        {
            string[] names = Names(message);
            foreach (MimeMessage? parsed in (ReadOnlySpan<MimeMessage?>)[TryParse(() => new MimeParser(new MemoryStream(message), MimeFormat.Entity).ParseMessage()), TryParse(() => new ExperimentalMimeParser(new MemoryStream(message), MimeFormat.Entity).ParseMessage())])
            {
                foreach (MimeEntity part in parsed?.BodyParts ?? [])
                {
                    foreach (string? seen in (ReadOnlySpan<string?>)[part.ContentType.Name, part.ContentDisposition?.FileName])
                    {
                        Assert.True(string.IsNullOrWhiteSpace(seen) || names.Contains(seen.Trim()), $"{name}: {seen} is not among {string.Join(", ", names)}");
                    }
                }
            }
        }
    }

    private const string Python = """
        import email, json, os, sys
        for name in sorted(os.listdir(sys.argv[1])):
            message = email.message_from_binary_file(open(os.path.join(sys.argv[1], name), 'rb'))
            names = []
            for part in message.walk():
                for value in (part.get_filename(), part.get_param('name'), part.get_param('filename', header='content-disposition')):
                    if isinstance(value, tuple):
                        value = email.utils.collapse_rfc2231_value(value)
                    if value:
                        names.append(str(value))
            print(json.dumps([name, names]))
        """;

    // Each is Python's own reading of broken text, and the part is ambiguous or has the name in another spelling: quotes that are left in place, surrogates for bytes that are no ASCII.
    [SkippableFact]
    public async Task Pythons_email_sees_no_name_that_is_not_there()
    {
        Skip.IfNot(File.Exists("/usr/bin/python3"), "python3 is not installed.");
        string folder = Directory.CreateTempSubdirectory().FullName;
        try
        {
            (string Name, byte[] Message)[] all = [.. Corpus.All()];
            foreach ((string name, byte[] message) in all)
            {
                await File.WriteAllBytesAsync(Path.Combine(folder, name.Replace('/', '~')), message);
            }

            using Process python = Process.Start(new ProcessStartInfo("/usr/bin/python3", ["-W", "ignore", "-c", Python, folder]) { RedirectStandardOutput = true })!;
            string[] lines = (await python.StandardOutput.ReadToEndAsync()).Split('\n', StringSplitOptions.RemoveEmptyEntries);
            await python.WaitForExitAsync();
            Assert.Equal((0, all.Length), (python.ExitCode, lines.Length));
            var missing = new List<string>();
            foreach (JsonNode line in lines.Select(line => JsonNode.Parse(line)!))
            {
                string name = ((string)line[0]!).Replace('~', '/');
                HashSet<string> names = [.. Names(all.First(one => one.Name == name).Message).Select(Plain)];
                missing.AddRange(line[1]!.AsArray().Select(one => Plain((string)one!)).Where(one => one.Length > 0 && !names.Contains(one)).Select(one => $"{name}: {one}"));
            }

            Assert.Equal([], missing);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    // Python leaves folds and quotes in a name where others don't.
    private static string Plain(string name) => string.Concat(name.Where(c => !char.IsWhiteSpace(c) && c is not ('"' or '\\')));

    private static string[] Names(byte[] message)
    {
        using MailParts parts = Mail.Read(message);
        return [.. parts.SelectMany(part => part.Names).Distinct()];
    }

    private static MessageTree? TryTree(byte[] message)
    {
        try
        {
            return MessageTree.Read(new MemoryStream(message), CancellationToken.None);
        }
        catch (FormatException)
        {
            return null;
        }
    }

    private static MimeMessage? TryParse(Func<MimeMessage> parse)
    {
        try
        {
            return parse();
        }
        catch (FormatException)
        {
            return null;
        }
    }

    private static byte[] Written(MailParts parts)
    {
        var output = new MemoryStream();
        parts.WriteTo(output);
        return output.ToArray();
    }
}
