"""Medians, ratios with their spread, the table in Markdown, plots in SVG, the rounds as TSV."""

import os
import statistics
from xml.sax.saxutils import escape

from .matrix import WIDE

BASE, OURS = "pgbouncer", "sluice"
# A saturated pooler leaves less of its core idle than this.
SATURATED = 0.93


def median(rounds, figure):
    return statistics.median(getattr(f, figure) for f in rounds)


def ratio(results, figure, base=BASE):
    """Median, least and greatest of the rounds' ratios."""
    pairs = zip(results[OURS], results[base])
    ratios = [getattr(ours, figure) / max(getattr(theirs, figure), 1e-9) for ours, theirs in pairs]
    return statistics.median(ratios), min(ratios), max(ratios)


class Row:
    """A measured line: its ratios, and which of its bars it reaches."""

    def __init__(self, line, results):
        self.line, self.results = line, results
        self.ratios = {f: ratio(results, f) for f in ("rate", "cpu", "p99")}
        if WIDE in results:
            self.ratios["wide"] = ratio(results, "rate", WIDE)

    def verdicts(self):
        for figure, factor in self.line.bars.items():
            value = self.ratios[figure][0]
            at_least = figure in ("rate", "wide")
            name = {"rate": "rate", "cpu": "CPU", "p99": "p99", "wide": "rate to pkt_buf=65536"}[figure]
            reached = value >= factor if at_least else value <= factor
            yield reached, "%s %s %g: %s" % (name, "≥" if at_least else "≤", factor,
                                             "yes" if reached else "no (%.2f)" % value)

    def not_the_pooler(self):
        """Whether something else than a pooler was the bottleneck."""
        cores = 1.0
        rounds = [f for name in (BASE, OURS) for f in self.results[name]]
        return self.line.saturated and not self.line.both and statistics.median(f.busy for f in rounds) < SATURATED * cores

    def disturbed(self):
        return sum(f.disturbed for rounds in self.results.values() for f in rounds)

    def marks(self):
        return ("†" if self.not_the_pooler() else "") + ("‡" if self.disturbed() else "")

    def rate_text(self, name):
        rate = median(self.results[name], "rate")
        if self.line.payload:
            return "%.0f MB/s" % (rate * self.line.payload / 1e6)
        return "{:,.0f}/s".format(rate)


def spread(values):
    return "%.2f (%.2f–%.2f)" % values


def two(results, figure, form):
    return " · ".join(form % median(results[name], figure) for name in (BASE, OURS))


HEAD = ("line", "PgBouncer", "Sluice", "ratio", "CPU µs", "ratio", "p50 µs", "p99 µs", "p99.9 µs", "p99 ratio",
        "pooler busy", "bar")


def cells(row):
    r = row.results
    busy = " · ".join("%.0f%%" % (100 * median(r[n], "busy")) for n in (BASE, OURS))
    return (row.line.name + row.marks(), row.rate_text(BASE), row.rate_text(OURS), spread(row.ratios["rate"]),
            two(r, "cpu", "%.1f"), spread(row.ratios["cpu"]), two(r, "p50", "%.0f"), two(r, "p99", "%.0f"),
            two(r, "p999", "%.0f"), spread(row.ratios["p99"]), busy, "; ".join(text for _, text in row.verdicts()))


def line_of(cells_):
    return "| " + " | ".join(cells_) + " |\n"


def markdown(rows, facts, lives):
    text = ["# Sluice beside PgBouncer\n\n"]
    text += ["* %s: %s\n" % fact for fact in facts]
    if rows:
        text.append("\nTwo figures in a cell are PgBouncer's · Sluice's. Figures are medians over the rounds, ratios "
                    "are Sluice to PgBouncer: the median of the rounds' ratios, with the least and the greatest.\n"
                    "† the pooler was not always the bottleneck: here the CPU ratio tells, not the rate. "
                    "‡ something else used the machine in at least one round.\n\n")
        text += [line_of(HEAD), "|" + " --- |" * len(HEAD) + "\n"]
        text += [line_of(cells(row)) for row in rows]
    wide = [row for row in rows if WIDE in row.results]
    if wide:
        text.append("\n## Beside a PgBouncer with pkt_buf=65536\n\n| line | PgBouncer, pkt_buf=65536 | Sluice | ratio |\n"
                    "| --- | --- | --- | --- |\n")
        text += [line_of((row.line.name, row.rate_text(WIDE), row.rate_text(OURS), spread(row.ratios["wide"])))
                 for row in wide]
    beside = [row for row in rows if median(row.results[OURS], "beside") > 0]
    if beside:
        text.append("\n## The streams beside small queries\n\n| line | PgBouncer | Sluice | ratio |\n"
                    "| --- | --- | --- | --- |\n")
        text += [line_of((row.line.name, *("%.0f MB/s" % median(row.results[name], "beside") for name in (BASE, OURS)),
                          spread(ratio(row.results, "beside")))) for row in beside]
    if lives:
        text.append("\n## Start and memory\n\n| figure | PgBouncer | Sluice | bar |\n| --- | --- | --- | --- |\n")
        text += [line_of(life) for life in lives]
    text.append("\n## Plots\n\n![rates](rates.svg)\n![CPU](cpu.svg)\n![latency](p99.svg)\n")
    if any("cold" in life[0] for life in lives):
        text.append("![the first seconds](cold.svg)\n")
    return "".join(text)


STYLE = ("<style>text{font:12px sans-serif;fill:#222}.t{font-size:15px;font-weight:bold}.v{fill:#555}"
         "line{stroke:#888}</style>")


def bars_svg(title, entries):
    """Horizontal bars of ratios, each with its spread; the line marks PgBouncer."""
    left, width, step = 320, 560, 22
    most = max([1.2] + [high for _, (_, _, high) in entries]) * 1.05
    x = lambda v: left + width * v / most
    height = 60 + step * len(entries)
    out = ['<svg xmlns="http://www.w3.org/2000/svg" width="%d" height="%d">' % (left + width + 70, height), STYLE,
           '<rect width="100%" height="100%" fill="white"/>',
           '<text class="t" x="10" y="22">%s</text>' % escape(title)]
    for i, (name, (middle, low, high)) in enumerate(entries):
        y = 40 + step * i
        out.append('<text x="%d" y="%d" text-anchor="end">%s</text>' % (left - 8, y + 13, escape(name)))
        out.append('<rect x="%d" y="%d" width="%.1f" height="14" fill="#5b8fc7"/>' % (left, y + 2, x(middle) - left))
        out.append('<line x1="%.1f" x2="%.1f" y1="%d" y2="%d" style="stroke:#1d3b5c;stroke-width:2"/>'
                   % (x(low), x(high), y + 9, y + 9))
        out.append('<text class="v" x="%.1f" y="%d">%.2f</text>' % (x(high) + 5, y + 13, middle))
    out.append('<line x1="%.1f" x2="%.1f" y1="34" y2="%d" stroke-dasharray="4 3"/>' % (x(1), x(1), height - 16))
    out.append('<text class="v" x="%.1f" y="%d" text-anchor="middle">PgBouncer = 1</text></svg>' % (x(1), height - 4))
    return "\n".join(out)


def cold_svg(series, step_seconds):
    """Queries per second over the first seconds of both poolers."""
    left, width, top, height = 70, 640, 40, 300
    most = max(max(s) for s in series.values()) * 1.05
    count = max(len(s) for s in series.values())
    x = lambda i: left + width * (i + 1) / count
    y = lambda v: top + height * (1 - v / most)
    out = ['<svg xmlns="http://www.w3.org/2000/svg" width="%d" height="%d">' % (left + width + 20, top + height + 45),
           STYLE, '<rect width="100%" height="100%" fill="white"/>',
           '<text class="t" x="10" y="22">The first seconds: queries/s, 64 clients, one core</text>']
    for second in range(0, int(count * step_seconds) + 1):
        at = left + width * second / step_seconds / count
        out.append('<text class="v" x="%.1f" y="%d" text-anchor="middle">%d s</text>' % (at, top + height + 18, second))
    for part in range(0, 5):
        value = most * part / 4
        out.append('<text class="v" x="%d" y="%.1f" text-anchor="end">%.0f</text>' % (left - 6, y(value) + 4, value))
    for (name, values), colour in zip(series.items(), ("#c0504d", "#5b8fc7")):
        points = " ".join("%.1f,%.1f" % (x(i), y(v)) for i, v in enumerate(values))
        out.append('<polyline fill="none" stroke="%s" stroke-width="2" points="%s"/>' % (colour, points))
        label = 200 if name == BASE else 320
        out.append('<text x="%d" y="%d" style="fill:%s">%s</text>' % (label, top + height + 38, colour, escape(name)))
    return "\n".join(out + ["</svg>"])


FIGURES = ("rate", "cpu", "busy", "load_busy", "p50", "p99", "p999", "foreign", "beside")


def tsv(rows):
    text = ["line\tpooler\tround\t" + "\t".join(FIGURES) + "\n"]
    for row in rows:
        for name, rounds in row.results.items():
            for number, f in enumerate(rounds):
                figures = "\t".join("%.3f" % getattr(f, n) for n in FIGURES)
                text.append("%s\t%s\t%d\t%s\n" % (row.line.name, name, number + 1, figures))
    return "".join(text)


class Recorded:
    """One round as it stands in rounds.tsv."""

    def __init__(self, line, values):
        self.beside = 0
        for name, value in zip(FIGURES, values):
            setattr(self, name, float(value))
        self.disturbed = self.foreign > line.foreign_limit


def read(directory, lines):
    """The rows, the figures of starts and memory, and the cold series that a directory has."""
    results, lives, cold = {}, [], {}
    known = {line.name: line for line in lines}
    for cells_ in read_tsv(directory, "rounds.tsv")[1:]:
        if cells_[0] in known:
            recorded = Recorded(known[cells_[0]], cells_[3:])
            results.setdefault(cells_[0], {}).setdefault(cells_[1], []).append(recorded)
    lives = [tuple(cells_) for cells_ in read_tsv(directory, "lives.tsv")]
    for cells_ in read_tsv(directory, "cold.tsv"):
        cold[cells_[0]] = [float(value) for value in cells_[1:]]
    return [Row(line, results[line.name]) for line in lines if line.name in results], lives, cold or None


class Runs:
    """Of which runs the lines are that a directory has: of its last one, or of those that it names."""

    def __init__(self, directory):
        facts = []
        path = os.path.join(directory, "README.md")
        if os.path.exists(path):
            with open(path) as file:
                facts = [line[2:].rstrip("\n").split(": ", 1) for line in file if line.startswith("* ") and ": " in line]
        before = dict(facts)
        self.last = "kept from %s, %s" % (before.get("date", "?"), before.get("Sluice", "?").rpartition(", ")[2])
        self.run_of = {name: run for run, lines in facts if run.startswith("kept from") for name in lines.split("; ")}

    def kept(self, names):
        """Facts that tell it of the named lines."""
        runs = {}
        for name in names:
            runs.setdefault(self.run_of.get(name, self.last), []).append(name)
        return [(run, "; ".join(lines)) for run, lines in runs.items()]


def read_tsv(directory, name):
    path = os.path.join(directory, name)
    if not os.path.exists(path):
        return []
    with open(path) as file:
        return [line.rstrip("\n").split("\t") for line in file]


def write(directory, rows, facts, lives, cold):
    os.makedirs(directory, exist_ok=True)
    files = {
        "README.md": markdown(rows, facts, lives),
        "rounds.tsv": tsv(rows),
        "lives.tsv": "".join("\t".join(life) + "\n" for life in lives),
        "rates.svg": bars_svg("Rate: Sluice to PgBouncer (more is better)",
                              [(r.line.name, r.ratios["rate"]) for r in rows if r.line.saturated]),
        "cpu.svg": bars_svg("CPU per query: Sluice to PgBouncer (less is better)",
                            [(r.line.name, r.ratios["cpu"]) for r in rows]),
        "p99.svg": bars_svg("p99: Sluice to PgBouncer (less is better)", [(r.line.name, r.ratios["p99"]) for r in rows]),
    }
    if cold:
        series = (name + "".join("\t%g" % v for v in values) + "\n" for name, values in cold.items())
        files["cold.tsv"] = "".join(series)
        files["cold.svg"] = cold_svg(cold, 0.25)
    for name, text in files.items():
        with open(os.path.join(directory, name), "w") as file:
            file.write(text)
