"""A picture of RESULTS.md: server CPU a message, peers side by side."""
import re

from . import scenarios

TABLE = "## Server CPU seconds for 100,000 messages"
SHOWN = {scenario.name: f"{scenario.name}: {scenario.about}" for scenario in scenarios.pick(scenarios.LOAD, ["typical", "noop", "inspect", "rewrite"])}
PEERS = {
    "attrmilter-aot": ("AttrMilter, NativeAOT", "ours"),
    "attrmilter-jit": ("AttrMilter, JIT", "ours"),
    "libmilter": ("libmilter (C)", "peer"),
    "go-milter": ("go-milter", "peer"),
    "pymilter": ("pymilter", "peer"),
    "pmilter": ("Sendmail::PMilter", "peer"),
    "floor": ("bare loop in C, no library", "floor"),
}
WIDTH, LABEL, BAR, GAP, HEAD = 600, 195, 20, 6, 34
STYLE = """
    text { font: 14px system-ui, sans-serif; fill: #1f2328 }
    .title { font-weight: 600; font-size: 16px } .head { font-weight: 600 } .value { font-variant-numeric: tabular-nums }
    .ours { fill: #0969da } .peer { fill: #8c959f } .floor { fill: #d0d7de } .paper { fill: #ffffff }
    @media (prefers-color-scheme: dark) {
      text { fill: #e6edf3 } .ours { fill: #4493f8 } .peer { fill: #656c76 } .floor { fill: #4b5361 } .paper { fill: #0d1117 }
    }"""


def table(text):
    """The rows of the CPU table: scenario, then microseconds a message by peer."""
    lines = text.split(TABLE, 1)[1].strip().splitlines()
    lines = lines[: next((i for i, line in enumerate(lines) if not line.startswith("|")), len(lines))]
    cells = [[cell.strip() for cell in line.strip("|").split("|")] for line in lines]
    names = cells[0][1:]
    return {row[0]: {name: float(value.rstrip("*")) * 10 for name, value in zip(names, row[1:]) if re.match(r"[\d.]+\*?$", value)} for row in cells[2:]}


def number(value):
    return f"{value:.0f}" if value >= 100 else f"{value:.1f}"


def chart(text):
    rows = table(text)
    parts, top = [], 58
    for scenario, about in SHOWN.items():
        values = rows[scenario]
        longest = max(values.values())
        parts.append(f'  <text class="head" x="12" y="{top + 14}">{about}</text>')
        top += HEAD - 8
        for name, (label, kind) in PEERS.items():
            if name in values:
                width = max(1.5, values[name] / longest * (WIDTH - LABEL - 80))
                parts.append(f'  <text x="{LABEL - 8}" y="{top + 15}" text-anchor="end">{label}</text>')
                parts.append(f'  <rect class="{kind}" x="{LABEL}" y="{top}" width="{width:.1f}" height="{BAR}" rx="2"/>')
                parts.append(f'  <text class="value" x="{LABEL + width + 7:.1f}" y="{top + 15}">{number(values[name])}</text>')
                top += BAR + GAP
        top += HEAD - 14
    said = "; ".join(f"{scenario}: " + ", ".join(f"{PEERS[name][0]} {number(value)}" for name, value in rows[scenario].items() if name in PEERS) for scenario in SHOWN)
    return "\n".join([
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {top}" width="{WIDTH}" height="{top}" role="img" aria-labelledby="title about">',
        '  <title id="title">Server CPU a message, in microseconds</title>',
        f'  <desc id="about">{said}</desc>',
        f"  <style>{STYLE}\n  </style>",
        f'  <rect class="paper" width="{WIDTH}" height="{top}"/>',
        '  <text class="title" x="12" y="24">Server CPU a message, µs (less is better)</text>',
        '  <text x="12" y="44">one core; each group has a scale of its own</text>',
        *parts,
        "</svg>",
    ])
