using System.CommandLine;
using System.CommandLine.Parsing;
using Milter.Generators.Diagnostics;

namespace Milter.Tool;

/// <summary>Words that look like options and are none: the library takes them for files, keys and values wherever a command takes such.</summary>
internal static class StrayOption
{
    private const string Separator = "--";

    /// <summary>Finds the first of them.</summary>
    /// <param name="parsed">The command line.</param>
    /// <param name="args">The words as they were typed: the library splits <c>--name=value</c>.</param>
    /// <returns>What is wrong with it, and what may be meant; <see langword="null"/> where there is none.</returns>
    public static string? Find(ParseResult parsed, IReadOnlyList<string> args)
    {
        Command command = parsed.CommandResult.Command;
        HashSet<string> typed = [.. args.TakeWhile(static word => word != Separator)];
        Dictionary<Token, Option> values = ValuesOf(parsed.CommandResult);
        string before = "";
        foreach (Token token in parsed.Tokens.TakeWhile(static token => token.Type != TokenType.DoubleDash))
        {
            string word = Shown.Plain(token.Value);
            bool isValue = values.TryGetValue(token, out Option? option);
            bool looksSo = token is { Type: TokenType.Argument, Value: ['-', _, ..] };
            if (!isValue && looksSo)
            {
                return $"{ToolProgram.PathOf(command)} has no option {word}. {Meant(command, word)}What begins with - and is no option stands behind {Separator}.";
            }

            // A negative number, say, is a value; what was typed as an option is none.
            if (isValue && looksSo && word.StartsWith(Separator, StringComparison.Ordinal) && typed.Contains(token.Value))
            {
                return $"{option!.Name} has no value: {word} looks like an option, and {ToolProgram.PathOf(command)} has none of that name. {Meant(command, word)}A value that begins with {Separator} is written {option.Name}={word}.";
            }

            // -bx, --json=x: nobody typed the x as a word of its own.
            if (!isValue && token.Type == TokenType.Argument && !typed.Contains(token.Value))
            {
                return $"{before} takes no value, and was given {word}.";
            }

            before = token.Value;
        }

        return null;
    }

    private static Dictionary<Token, Option> ValuesOf(CommandResult result)
    {
        // By reference: two words may be the same.
        var values = new Dictionary<Token, Option>(ReferenceEqualityComparer.Instance);
        foreach (OptionResult option in result.Children.OfType<OptionResult>())
        {
            foreach (Token value in option.Tokens)
            {
                values[value] = option.Option;
            }
        }

        return values;
    }

    private static string Meant(Command command, string word)
    {
        string name = word.TrimStart('-').Split('=', ':')[0];
        if (name.Length < 3)
        {
            return "";
        }

        string[] known = [.. OptionsOf(command).SelectMany(static option => option.Aliases.Append(option.Name)).Select(static spelling => spelling.TrimStart('-')).Where(static spelling => spelling.Length > 2)];
        string? near = known.FirstOrDefault(spelling => spelling.StartsWith(name, StringComparison.OrdinalIgnoreCase))
            ?? known.FirstOrDefault(spelling => Spelling.IsNear(spelling, name))
            ?? known.FirstOrDefault(spelling => spelling.Contains(name, StringComparison.OrdinalIgnoreCase) || name.Contains(spelling, StringComparison.OrdinalIgnoreCase));
        return near is null ? "" : $"Did you mean {Separator}{near}? ";
    }

    private static IEnumerable<Option> OptionsOf(Command command) =>
        command.Parents.OfType<Command>().SelectMany(static parent => parent.Options.Where(static option => option.Recursive)).Concat(command.Options);
}
