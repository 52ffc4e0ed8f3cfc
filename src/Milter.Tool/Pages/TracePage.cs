using System.Globalization;
using System.Text;
using Milter.Client;

namespace Milter.Tool;

/// <summary>Conversations as a page: what each side says, where the MTA waits, what the filter changes. Written anew after each conversation.</summary>
internal sealed class TracePage(string path, string about)
{
    // A page that a browser still shows at once; what comes after is counted.
    private const int MostConversations = 50, MostLines = 2000;

    private readonly Lock _gate = new();
    private readonly List<(int Number, string Html)> _conversations = [];
    private int _left;

    /// <summary>Gets where it is.</summary>
    public string Path => path;

    /// <summary>Adds a conversation that has ended, and writes the page.</summary>
    public void Add(int number, IReadOnlyList<TracedLine> lines)
    {
        lock (_gate)
        {
            if (_conversations.Count < MostConversations)
            {
                _conversations.Add((number, Conversation(number, lines)));
                _conversations.Sort(static (one, other) => one.Number.CompareTo(other.Number));
            }
            else
            {
                _left++;
            }

            OutputFile.Write("--html", path, ToString());
        }
    }

    /// <summary>Writes the page where there was no conversation either.</summary>
    public void Begin() => OutputFile.Write("--html", path, ToString());

    /// <inheritdoc/>
    public override string ToString()
    {
        var page = new Page("milter trace");
        page.Add($"<p class=\"quiet\">{Page.Text(about)}</p>");
        if (_conversations.Count == 0)
        {
            page.Add("<p>No conversation yet.</p>");
        }

        _conversations.ForEach(one => page.Add(one.Html));
        return (_left == 0 ? page : page.Add($"<p class=\"quiet\">{Counted.Of(_left, "more conversation")} not shown here.</p>")).ToString();
    }

    private static string Conversation(int number, IReadOnlyList<TracedLine> lines)
    {
        TimeSpan longest = lines.Select(static line => line.Wait ?? TimeSpan.Zero).DefaultIfEmpty().Max();
        int waits = lines.Count(static line => line.Wait is not null);
        var html = new StringBuilder();
        html.Append(CultureInfo.InvariantCulture, $"<h2>Conversation {number}</h2><p class=\"quiet\">The MTA waited {Counted.Times(waits)}{(waits == 0 ? "" : $", {Shown.Time(longest)} at most")}.</p><ol>");
        foreach (TracedLine line in lines.Take(MostLines))
        {
            Append(html, line, longest);
        }

        return html.Append(lines.Count <= MostLines ? "</ol>" : $"</ol><p class=\"quiet\">{Counted.Of(lines.Count - MostLines, "more line")} not shown here.</p>").ToString();
    }

    private static void Append(StringBuilder html, TracedLine line, TimeSpan longest)
    {
        string side = line.IsWrong ? "wrong" : line.Mark switch { '<' => "filter", '>' => "mta", _ => "told" };
        string name = line.Mark switch { '<' => "← " + line.Name, '>' => line.Name + " →", '!' => "wrong", _ => line.Name };
        html.Append(CultureInfo.InvariantCulture, $"<li class=\"{side}\"><time>{line.At.TotalSeconds:0.000}</time><b>{Page.Text(name)}</b><div><code>{Page.Text(line.Detail)}</code>");
        if (line.Note.Length > 0)
        {
            html.Append(CultureInfo.InvariantCulture, $" <span class=\"{(line.IsWrong ? "bad" : "quiet")}\">{Page.Text(line.Note)}</span>");
        }

        if (line.Wait is { } wait)
        {
            html.Append(CultureInfo.InvariantCulture, $"<span class=\"wait\" title=\"the MTA waited {Shown.Time(wait)}\" style=\"width:{(longest > TimeSpan.Zero ? 100 * (wait / longest) : 0):0.#}%\"></span>");
        }

        html.Append("</div>").Append(line.Changes is { Count: > 0 } changes ? Page.Difference(changes) : "").Append("</li>\n");
    }
}
