using System.Net;
using System.Text;

namespace Milter.Tool;

/// <summary>A page of HTML that needs nothing but itself: no script, no request to anywhere (its policy forbids them), light or dark as the reader has it, readable on a phone.</summary>
internal sealed class Page(string title)
{
    private const string Style = """
        :root { color-scheme: light dark; --paper: #fff; --ink: #1f2328; --quiet: #59636e; --line: #d1d9e0; --soft: #f6f8fa; --mta: #0969da; --filter: #1a7f37; --bad: #cf222e; --wait: #bf8700; --added: #dafbe1; --removed: #ffebe9 }
        @media (prefers-color-scheme: dark) { :root { --paper: #0d1117; --ink: #e6edf3; --quiet: #9198a1; --line: #3d444d; --soft: #151b23; --mta: #4493f8; --filter: #3fb950; --bad: #ff7b72; --wait: #d29922; --added: #12351f; --removed: #4b1c20 } }
        * { box-sizing: border-box }
        body { margin: 0 auto; padding: 1rem; max-width: 62rem; font: 1rem/1.5 system-ui, sans-serif; color: var(--ink); background: var(--paper) }
        h1 { font-size: 1.4rem; margin: 0 0 .5rem } h2 { font-size: 1.1rem; margin: 2rem 0 .5rem } p { margin: .3rem 0 }
        .quiet { color: var(--quiet) } .bad { color: var(--bad); font-weight: 600 }
        code, pre { font: .875rem/1.45 ui-monospace, monospace; overflow-wrap: anywhere } pre { white-space: pre-wrap; margin: .5rem 0; border: 1px solid var(--line); border-radius: 6px; overflow: hidden }
        pre span { display: block; padding: 0 .6rem; min-height: 1.45em } pre .plus { background: var(--added) } pre .minus { background: var(--removed) } pre .hunk { color: var(--mta); background: var(--soft) }
        dl { display: grid; grid-template-columns: repeat(auto-fill, minmax(10rem, 1fr)); gap: .5rem; margin: 1rem 0 } dl div { border: 1px solid var(--line); border-radius: 6px; padding: .5rem .75rem } dt { color: var(--quiet); font-size: .875rem } dd { margin: 0; font-size: 1.15rem; font-variant-numeric: tabular-nums; overflow-wrap: anywhere }
        table { border-collapse: collapse; width: 100% } td, th { padding: .1rem .5rem .1rem 0; text-align: right; font-variant-numeric: tabular-nums; white-space: nowrap; font-weight: 400 } td.bar { width: 100%; padding: 0 }
        .bar i { display: block; height: .9rem; min-width: 2px; background: var(--mta); border-radius: 2px }
        .plot { display: grid; grid-template-columns: auto 1fr; gap: .25rem .5rem; font-size: .875rem; color: var(--quiet); font-variant-numeric: tabular-nums } .plot .y { display: flex; flex-direction: column; justify-content: space-between; text-align: right; line-height: 1; margin: -.4rem 0 } .plot .x { grid-column: 2; display: flex; justify-content: space-between }
        svg { display: block; width: 100%; height: 9.5rem; overflow: visible } svg * { vector-effect: non-scaling-stroke } svg .grid { fill: none; stroke: var(--line) } svg .rate { fill: none; stroke: var(--mta); stroke-width: 2 } svg .area { fill: var(--mta); opacity: .15 } svg .worst { fill: none; stroke: var(--wait); stroke-width: 2 }
        ol { list-style: none; margin: .5rem 0; padding: 0 } li { display: grid; grid-template-columns: 4.2rem 6.5rem 1fr; gap: 0 .5rem; padding: .15rem .5rem; border-left: 3px solid var(--mta) } li time { color: var(--quiet); font-variant-numeric: tabular-nums; text-align: right } li b { color: var(--mta); overflow-wrap: anywhere }
        li.filter { border-color: var(--filter); background: var(--soft) } li.filter b { color: var(--filter) } li.told { border-color: var(--line) } li.told b { color: var(--quiet) } li.wrong { border-color: var(--bad) } li.wrong b { color: var(--bad) }
        .wait { display: block; height: .35rem; margin: .2rem 0; background: var(--wait); border-radius: 2px; min-width: 3px }
        li pre { grid-column: 1 / -1 }
        @media (max-width: 34rem) { li { grid-template-columns: 3.2rem 1fr } li > div { grid-column: 1 / -1 } }
        """;

    private readonly StringBuilder _body = new();

    /// <summary>Text of strangers as text.</summary>
    public static string Text(string text) => WebUtility.HtmlEncode(Shown.Plain(text));

    /// <summary>Adds what is HTML already.</summary>
    public Page Add(string html)
    {
        _body.Append(html).Append('\n');
        return this;
    }

    /// <summary>Adds figures, each under its name.</summary>
    public Page AddFigures(IEnumerable<(string Name, string Value)> figures) =>
        Add($"<dl>{string.Concat(figures.Select(static one => $"<div><dt>{Text(one.Name)}</dt><dd>{Text(one.Value)}</dd></div>"))}</dl>");

    /// <summary>Makes a difference in the form of <c>diff -u</c> readable.</summary>
    public static string Difference(IEnumerable<string> lines) => $"<pre>{string.Concat(lines.Select(static line => $"<span class=\"{Kind(line)}\">{WebUtility.HtmlEncode(string.Join('\t', line.Split('\t').Select(Shown.Plain)))}</span>"))}</pre>";

    /// <summary>Writes the page.</summary>
    public override string ToString() => $"""
        <!DOCTYPE html>
        <html lang="en">
        <head>
        <meta charset="utf-8">
        <meta name="viewport" content="width=device-width, initial-scale=1">
        <meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'; img-src data:">
        <link rel="icon" href="data:,">
        <title>{Text(title)}</title>
        <style>
        {Style}
        </style>
        </head>
        <body>
        <h1>{Text(title)}</h1>
        {_body}</body>
        </html>

        """;

    private static string Kind(string line) => line is [var mark, ..] ? mark switch { '+' => "plus", '-' => "minus", '@' => "hunk", _ => "" } : "";
}
