"""Stacks as perf prints them, counted, drawn, and sorted by what they are for."""

import html
import re
from collections import Counter

WIDTH, ROW, LEAST = 1200, 16, 0.002
# The first frame from the leaf on that begins so tells what a sample is for.
PARTS = (
    ("recv", re.compile(r"__?(x64_)?sys_recv|__sys_recvfrom|Socket_recv|tcp_recvmsg")),
    ("send", re.compile(r"__?(x64_)?sys_send|__sys_sendto|Socket_send|tcp_sendmsg")),
    ("epoll_wait", re.compile(r"epoll_wait|ep_poll|do_epoll")),
    ("epoll_ctl", re.compile(r"epoll_ctl")),
    ("accept", re.compile(r"sys_accept")),
    ("close, shutdown", re.compile(r"sys_close|sys_shutdown|task_work_run|__fput")),
    ("other system calls", re.compile(r"__x64_sys_|__arm64_sys_")),
    ("Sluice", re.compile(r"Lio/sluice|io\.sluice")),
    ("Netty", re.compile(r"Lio/netty|io\.netty|netty_")),
)


def collapse(text):
    """Counts stacks, root first; hexadecimal addresses and offsets are dropped."""
    stacks = Counter()
    frames = []
    comm = ""
    for line in text.splitlines():
        if not line.strip():
            if frames:
                stacks[(comm, *reversed(frames))] += 1
            frames = []
        elif line[0] not in " \t":
            comm = re.sub(r"[-\d]+$", "", line.strip()) or line.strip()
        else:
            frames.append(readable(line.strip().split(None, 1)[-1]))
    if frames:
        stacks[(comm, *reversed(frames))] += 1
    return stacks


def readable(symbol):
    """Class.method of a compiled Java method; others as they are."""
    java = re.match(r"(?:.*\s)?L?([\w/$]+?)(?:;::|::|\.)([\w$<>]+)", symbol.replace("class ", ""))
    if java and "/" in java.group(1):
        return "io.sluice " * ("io/sluice" in symbol) + java.group(1).rsplit("/", 1)[-1] + "." + java.group(2)
    dotted = re.match(r"(?:\S+ )?((?:[\w$]+\.)+)([\w$<>]+)\(", symbol)
    if dotted:
        parts = (dotted.group(1) + dotted.group(2)).split(".")
        name = ".".join(parts[-2:])
        return ("io.sluice " if symbol.find("io.sluice") >= 0 else "io.netty " if "io.netty" in symbol else "") + name
    return symbol.split("+0x")[0]


def part(stack):
    for frame in reversed(stack[1:]):
        for name, pattern in PARTS:
            if pattern.search(frame):
                return name
    return "the rest" if stack[0].startswith(("loop", "pgbouncer")) else "other threads"


def table(stacks, per_query):
    """Microseconds of a query by what they are spent on."""
    total = sum(stacks.values())
    parts = Counter()
    for stack, count in stacks.items():
        parts[part(stack)] += count
    rows = ["| on | share | µs per query |", "| --- | --- | --- |"]
    for name, count in parts.most_common():
        rows.append("| %s | %.1f%% | %.2f |" % (name, 100 * count / total, per_query * count / total))
    ours = Counter()
    for stack, count in stacks.items():
        if part(stack) == "Sluice":
            ours[next(f for f in reversed(stack) if "io.sluice" in f)] += count
    rows += ["", "| of Sluice's own | share | µs per query |", "| --- | --- | --- |"]
    for name, count in ours.most_common(15):
        rows.append("| %s | %.1f%% | %.2f |" % (
            name.replace("io.sluice ", ""), 100 * count / total, per_query * count / total))
    return "\n".join(rows)


def svg(stacks, title):
    """A flame graph: width is time, the caller is below the called."""
    tree = {}
    for stack, count in stacks.items():
        node = tree
        for frame in stack:
            entry = node.setdefault(frame, [0, {}])
            entry[0] += count
            node = entry[1]
    total = sum(stacks.values()) or 1
    boxes = []
    depth = draw(tree, 0, 0, total, boxes)
    height = (depth + 3) * ROW
    out = ['<svg xmlns="http://www.w3.org/2000/svg" width="%d" height="%d" font-family="monospace" font-size="11">'
           % (WIDTH, height), '<text x="4" y="14">%s</text>' % html.escape(title)]
    for x, level, width, name, count in boxes:
        y = height - (level + 1) * ROW
        label = html.escape(name[:max(0, int(width / 6.7))]) if width > 20 else ""
        out.append('<g><title>%s %.1f%%</title><rect x="%.1f" y="%d" width="%.1f" height="%d" fill="%s"/>'
                   '<text x="%.1f" y="%d">%s</text></g>' % (
                       html.escape(name), 100 * count / total, x, y, max(width - 0.5, 0.3), ROW - 1, colour(name),
                       x + 2, y + 11, label))
    return "\n".join([*out, "</svg>\n"])


def draw(node, x, level, total, boxes):
    deepest = level
    for name, (count, children) in sorted(node.items()):
        width = WIDTH * count / total
        if count / total >= LEAST:
            boxes.append((x, level, width, name.replace("io.sluice ", "").replace("io.netty ", ""), count))
            deepest = max(deepest, draw(children, x, level + 1, total, boxes))
        x += width
    return deepest


def colour(name):
    if "." in name and name[0].isupper():
        return "#8fce8f"
    return "#e8a87c" if name.islower() or "_" in name else "#d6d6d6"
