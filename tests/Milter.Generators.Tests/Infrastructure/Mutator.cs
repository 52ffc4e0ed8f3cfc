using System.Text.RegularExpressions;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Text;

namespace Milter.Generators.Tests.Infrastructure;

/// <summary>Changes programs as people do who are in the middle of typing, pasting and deleting. What it does follows from the random numbers alone.</summary>
internal sealed partial class Mutator(IReadOnlyList<string> programs, Random random)
{
    private static readonly string[] s_modifiers = ["static", "abstract", "virtual", "override", "sealed", "partial", "async", "readonly", "new", "unsafe", "ref", "required", "file", "extern", "const", "protected", "public"];
    private static readonly string[] s_scraps = ["", ";", "}", "{", "(", ")", "<", ">", "?", "!", "=>", "[Milter]", "[PerMessage]", "[OnEom]", "[OnHeader(\"X\")]", "[Header(\"To\")]", "[FromServices]", "null", "default", "await ", "\"\\u0000\"", "#if X\n", "// ", "int", "Verdict", "Task<Verdict>", "ReadOnlySpan<byte>", "this", "where T : class", "\ud800"];

    /// <summary>Reads a program of the corpus, without its marks.</summary>
    public static string Plain(string program) => Marks().Replace(program, "");

    /// <summary>Changes a program in one to three places.</summary>
    public string Next()
    {
        string text = Pick(programs);
        for (int left = random.Next(1, 4); left > 0; left--)
        {
            text = Change(text, CSharpSyntaxTree.ParseText(text).GetRoot());
        }

        return text;
    }

    private string Change(string text, SyntaxNode root)
    {
        switch (random.Next(9))
        {
            case 0:
                return Cut(text, Pick(root.DescendantTokens()).Span);
            case 1:
                return Cut(text, Pick(Parts(root)).Span);
            case 2:
                return Insert(text, Pick(Parts(root)).Span.End, " " + Pick(Parts(root)));
            case 3:
                return Replace(text, Pick(root.DescendantTokens()).Span, Pick(CSharpSyntaxTree.ParseText(Pick(programs)).GetRoot().DescendantTokens()).Text);
            case 4:
                SyntaxNode part = Pick(Parts(root));
                SyntaxNode[] alike = [.. Parts(CSharpSyntaxTree.ParseText(Pick(programs)).GetRoot()).Where(other => other.RawKind == part.RawKind)];
                return alike.Length == 0 ? text : Replace(text, part.Span, Pick(alike).ToString());
            case 5:
                return root.DescendantNodes().OfType<MemberDeclarationSyntax>().ToArray() is { Length: > 0 } members
                    ? Insert(text, Pick(members).SpanStart, Pick(s_modifiers) + " ")
                    : text;
            case 6:
                return Insert(text, random.Next(text.Length + 1), Pick(s_scraps));
            case 7:
                return text[..random.Next(text.Length + 1)];
            default:
                return Swap(text, Pick(root.DescendantTokens()).Span, Pick(root.DescendantTokens()).Span);
        }
    }

    private static IEnumerable<SyntaxNode> Parts(SyntaxNode root) => root.DescendantNodes()
        .Where(node => node is MemberDeclarationSyntax or StatementSyntax or ParameterSyntax or AttributeListSyntax or AttributeSyntax or ArgumentSyntax or TypeSyntax or ExpressionSyntax or BaseListSyntax)
        .DefaultIfEmpty(root);

    private T Pick<T>(IEnumerable<T> items)
    {
        T[] all = [.. items];
        return all[random.Next(all.Length)];
    }

    private static string Cut(string text, TextSpan span) => Replace(text, span, "");

    private static string Insert(string text, int at, string what) => Replace(text, new TextSpan(at, 0), what);

    private static string Replace(string text, TextSpan span, string by) => string.Concat(text.AsSpan(0, span.Start), by, text.AsSpan(span.End));

    private static string Swap(string text, TextSpan one, TextSpan other)
    {
        (TextSpan first, TextSpan second) = one.Start <= other.Start ? (one, other) : (other, one);
        return first.End > second.Start ? text : Replace(Replace(text, second, text.Substring(first.Start, first.Length)), first, text.Substring(second.Start, second.Length));
    }

    [GeneratedRegex(@"\[\||\|\]|\{\|MILTER\d+:|\|\}|^//> .*\n", RegexOptions.Multiline)]
    private static partial Regex Marks();
}
