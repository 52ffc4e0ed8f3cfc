using System.Text.Json.Nodes;

namespace Milter.Tool.Tests;

/// <summary><c>milter parts</c>.</summary>
public sealed class PartsTests
{
    private const string Message = "From: a@x.test\r\nContent-Type: multipart/mixed; boundary=o\r\n\r\n--o\r\n\r\nhi\r\n--o\r\nContent-Type: application/pdf; name=a.pdf\r\nContent-Disposition: attachment; filename=b.exe\r\nContent-Transfer-Encoding: base64\r\n\r\naGVsbG8=\r\n--o--\r\n";

    [Fact]
    public async Task Json_has_each_part_and_why_readers_disagree()
    {
        using var folder = new TemporaryFolder();
        string file = Path.Combine(folder.Path, "m.eml");
        await File.WriteAllTextAsync(file, Message);
        var output = new StringWriter();

        int code = await ToolProgram.RunAsync(["parts", file, "--json"], Terminal.Of(output, TextWriter.Null));

        JsonNode root = JsonNode.Parse(output.ToString())!;
        JsonNode part = root["parts"]![2]!;
        Assert.Equal(0, code);
        Assert.Equal(["1", "1.1", "1.2"], root["parts"]!.AsArray().Select(one => (string?)one!["path"]));
        Assert.Equal(["path", "type", "disposition", "size", "names", "sha256", "entries"], part.AsObject().Select(member => member.Key));
        Assert.Equal(("application/pdf", "attachment", 5), ((string?)part["type"], (string?)part["disposition"], (int)part["size"]!));
        Assert.Equal(["b.exe", "a.pdf"], part["names"]!.AsArray().Select(name => (string?)name));
        Assert.Equal("2cf24dba5fb0a30e26e83b2ac5b9e29e1b161e5c1fa7425e73043362938b9824", (string?)part["sha256"]);
        Assert.StartsWith("1.2: ", (string?)Assert.Single(root["ambiguous"]!.AsArray()), StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_standard_input_is_read_and_a_file_that_is_not_there_is_said()
    {
        var output = new StringWriter();
        var error = new StringWriter();
        using var input = new MemoryStream(System.Text.Encoding.ASCII.GetBytes(Message));

        Assert.Equal(0, await ToolProgram.RunAsync(["parts", "-"], Terminal.Of(output, error, input)));
        Assert.Equal(66, await ToolProgram.RunAsync(["parts", "/nowhere/m.eml"], Terminal.Of(output, error)));

        Assert.Contains("1.2  application/pdf  attachment  5 bytes  \"b.exe\"  \"a.pdf\"", output.ToString(), StringComparison.Ordinal);
        Assert.Contains("/nowhere/m.eml", error.ToString(), StringComparison.Ordinal);
    }
}
