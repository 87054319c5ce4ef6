"""Runs lines: A B A B, each round a span that the load measures, disturbed rounds again."""

import os
import resource
import shutil
import statistics
import subprocess
import time

from . import matrix
from .poolers import BACKGROUND, LOAD, TARGET, Missing, cpu_ns, free_port, make_certificate

POOLER_CORE, LOAD_CORE, BOTH_CORES = "0", "1", "0,1"
REPEATS = 3
OURS = "sluice"
SETUPS = {
    "trust": {},
    "md5": {"auth_type": "md5"},
    "scram": {"auth_type": "scram-sha-256"},
    "tls": {},
}


class Options:
    def __init__(self, rounds, seconds, warmup, repeat_disturbed, patience):
        self.rounds, self.seconds, self.warmup = rounds, seconds, warmup
        self.repeat_disturbed = repeat_disturbed
        # Seconds that all waiting for a quiet machine may take; what was waited is taken off.
        self.patience = patience


def figures_of(output):
    """What the load has printed: {key: text}."""
    return dict(pair.split("=", 1) for pair in output.split())


def megabytes(values):
    """MB/s that the load has received."""
    if "bytes" not in values:
        raise Missing("the streams beside the queries ended early")
    return int(values["bytes"]) / float(values["seconds"]) / 1e6


class Figures:
    """What one round of one pooler gave."""

    def __init__(self, values, pooler, stub, foreign, line, beside):
        seconds, queries = float(values["seconds"]), int(values["queries"])
        cpu = int(values["cpu_%d" % pooler.pid])
        self.rate = queries / seconds
        self.cpu = cpu / 1000 / max(queries, 1)
        self.busy = cpu / 1e9 / seconds
        self.load_busy = (int(values["cpu_%d" % stub.pid]) + int(values["load_cpu"])) / 1e9 / seconds
        self.p50, self.p99, self.p999 = (int(values[k]) / 1000 for k in ("p50", "p99", "p999"))
        self.foreign = foreign
        self.disturbed = foreign > line.foreign_limit
        # MB/s of the streams beside.
        self.beside = beside


class Machine:
    """How much CPU everybody used, and how much of it was ours."""

    def __init__(self, processes):
        self.processes = processes
        self.at, self.ours = time.monotonic(), self.our_seconds()
        self.busy, self.stolen = self.busy_seconds()

    @staticmethod
    def busy_seconds():
        """Of all cores: how long they were busy, and how much of that other machines took."""
        with open("/proc/stat") as file:
            ticks = [int(t) for t in file.readline().split()[1:9]]
        # user nice system idle iowait irq softirq steal
        hertz = os.sysconf("SC_CLK_TCK")
        return (sum(ticks) - ticks[3] - ticks[4]) / hertz, ticks[7] / hertz

    def our_seconds(self):
        children = resource.getrusage(resource.RUSAGE_CHILDREN)
        return sum(cpu_ns(p.pid) for p in self.processes) / 1e9 + children.ru_utime + children.ru_stime

    def foreign(self):
        """Cores that others used since this was made; a process is charged for what is stolen while it runs."""
        busy, stolen = self.busy_seconds()
        used = busy - self.busy - (self.our_seconds() - self.ours)
        return max(used, stolen - self.stolen) / (time.monotonic() - self.at)


def spinning(core):
    """A process that takes a whole core while we live: what other machines take of it shows only then."""
    return subprocess.Popen(["taskset", "-c", core, "sh", "-c", "while kill -0 $PPID; do :; done"],
                            stderr=subprocess.DEVNULL)


class Runner:
    """Keeps one pair of warm poolers per setup and measures lines with it."""

    def __init__(self, poolers, options):
        self.poolers, self.options = poolers, options
        self.stub, self.bulk = poolers.stubs["bench"], poolers.stubs["bulk"]
        self.running = {}
        self.group = None
        self.best = None
        self.fresh = False

    def stop(self):
        for process in self.running.values():
            process.stop()
        self.running = {}

    def settings(self, setup):
        if setup == "tls":
            return make_certificate(self.poolers.directory)
        return SETUPS[setup]

    def pair(self, line):
        """The poolers for a line; those of another setup are stopped first."""
        group = (line.setup, line.both)
        if group != self.group:
            self.stop()
            self.group = group
        cores = BOTH_CORES if line.both else POOLER_CORE
        login = ("tls=1",) if line.setup == "tls" else ()
        self.fresh = OURS not in self.running
        for name in line.contenders:
            if name not in self.running:
                settings = self.settings(line.setup)
                if line.both and name == OURS:
                    settings = {**settings, "workers": "2"}
                self.running[name] = self.poolers.start(name, settings, cores, login)
        for name in set(self.running) - set(line.contenders):
            self.running.pop(name).stop()
        return [self.running[name] for name in line.contenders]

    def command(self, pooler, args, cores, warmup):
        return ["taskset", "-c", cores, LOAD, "port=%d" % pooler.port, "seconds=%g" % self.options.seconds,
                "warmup=%g" % warmup, "watch=%d,%d" % (pooler.pid, self.stub.pid), *args]

    def machine(self):
        return Machine([self.stub, self.bulk, *self.running.values()])

    def one(self, line, pooler, args, warmup):
        cores = BOTH_CORES if line.both else LOAD_CORE
        machine = self.machine()
        stream = None
        if line.kind == "streams":
            # Whoever sends and reads streams leaves the core to the small queries: the pooler is measured.
            stream = subprocess.Popen([*BACKGROUND, *self.command(pooler, [*matrix.STREAM, "seconds=1000"], cores, 0)],
                                      stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
            warmup = max(warmup, 0.5)
        beside = 0
        try:
            done = subprocess.run(self.command(pooler, args, cores, warmup), stdout=subprocess.PIPE,
                                  stderr=subprocess.PIPE, text=True,
                                  timeout=60 + warmup + self.options.seconds)
            if stream:
                stream.terminate()
                beside = megabytes(figures_of(stream.communicate(timeout=10)[0]))
        finally:
            if stream:
                stream.kill()
                stream.wait()
        if done.returncode != 0:
            raise Missing("%s: %s" % (pooler.name, done.stderr.strip()))
        return Figures(figures_of(done.stdout), pooler, self.stub, machine.foreign(), line, beside)

    def best_rate(self, line, pgbouncer):
        """What PgBouncer answers per second when the paced line is not paced; found out once."""
        if self.best is None:
            saturated = [a for a in line.args if a != "mode=open" and not a.startswith("rate=")]
            self.best = statistics.median(
                self.least_disturbed(line, pgbouncer, saturated, 0.5).rate for _ in range(3))
        return self.best

    def arguments(self, line, pair):
        """The line's arguments, with a rate that PgBouncer can keep up with."""
        rates = [a for a in line.args if a.startswith("rate=")]
        if not rates or line.kind == "streams":
            return line.args
        best = self.best_rate(line, pair[0])
        if rates[0] == "rate=half":
            return ["rate=%d" % (best / 2) if a == "rate=half" else a for a in line.args]
        if float(rates[0][5:]) > 0.9 * best:
            raise Missing("PgBouncer's best here is %d/s" % best)
        return line.args

    def first_warmup(self, line):
        """Code that has hardly run, as in a new process and for connections, is compiled late."""
        if not line.saturated:
            return self.options.warmup * 8
        slow = self.fresh or "mode=connect" in line.args
        return self.options.warmup * (3 if slow else 1)

    def foreign_now(self):
        """Cores that others use in this second, while both are wanted."""
        machine = self.machine()
        spinners = []
        try:
            for core in (POOLER_CORE, LOAD_CORE):
                spinners.append(spinning(core))
            time.sleep(1)
        finally:
            for spinner in spinners:
                spinner.kill()
                spinner.wait()
        return machine.foreign()

    def await_quiet(self, limit):
        """Waits until others leave the machine alone, as long as there is patience."""
        quiet = False
        while not quiet and self.options.patience > 0:
            started = time.monotonic()
            quiet = self.foreign_now() <= limit
            if not quiet:
                time.sleep(1)
            self.options.patience -= time.monotonic() - started

    def least_disturbed(self, line, pooler, args, warmup):
        """Measures once, or until nobody else used the machine; the quietest of at most four."""
        best = self.one(line, pooler, args, warmup)
        for _ in range(REPEATS if self.options.repeat_disturbed else 0):
            if not best.disturbed:
                break
            self.await_quiet(line.foreign_limit)
            again = self.one(line, pooler, args, 0.3)
            best = min(best, again, key=lambda figures: figures.foreign)
        return best

    def run(self, line):
        """All rounds of a line: {contender: [Figures, one per round]}."""
        pair = self.pair(line)
        args = self.arguments(line, pair)
        rounds = {pooler.name: [] for pooler in pair}
        for number in range(self.options.rounds):
            warmup = self.first_warmup(line) if number == 0 else 0.3
            for pooler in pair:
                rounds[pooler.name].append(self.least_disturbed(line, pooler, args, warmup))
        return rounds


class Lives:
    """What is measured on poolers of their own: starting, the cold first seconds, memory."""

    IDLE = 10_000

    # What a start leaves behind is given back within this time.
    SETTLED_S = 15

    def __init__(self, poolers, options):
        self.poolers, self.options = poolers, options

    def start_ms(self, name, cores):
        """From exec to the first answered query; the load tries to connect all the time."""
        port = free_port()
        process = None
        load = subprocess.Popen(["taskset", "-c", LOAD_CORE, LOAD, "port=%d" % port, "mode=first", "wait=1"],
                                stdout=subprocess.PIPE, text=True)
        try:
            time.sleep(0.05)
            started = time.monotonic_ns()
            process = self.poolers.launch(name, {"listen_port": port}, cores)
            out = load.communicate(timeout=30)[0]
        finally:
            load.kill()
            if process:
                process.stop()
        return (int(out.split()[1]) - started) / 1e6

    def starts(self, cores):
        rounds = {"pgbouncer": [], "sluice": []}
        for _ in range(max(self.options.rounds, 3) * 2):
            for name, times in rounds.items():
                times.append(self.start_ms(name, cores))
        return {name: statistics.median(times) for name, times in rounds.items()}

    def cold(self):
        """Answers per quarter of a second from the first connection on, 64 clients at once."""
        rounds = {"pgbouncer": [], "sluice": []}
        seconds = 10 if self.options.seconds >= 2 else 5
        for _ in range(3):
            for name, series in rounds.items():
                process = self.poolers.launch(name, {}, POOLER_CORE)
                try:
                    out = subprocess.run(
                        ["taskset", "-c", LOAD_CORE, LOAD, "port=%d" % process.port, "wait=1", "interval=250",
                         "seconds=%d" % seconds, *matrix.load("simple", 64)],
                        check=True, stdout=subprocess.PIPE, text=True, timeout=60).stdout
                finally:
                    process.stop()
                values = dict(pair.split("=", 1) for pair in out.split())
                series.append([4 * int(n) for n in values["intervals"].split(",")])
        return {name: [statistics.median(column) for column in zip(*series)] for name, series in rounds.items()}

    def memory(self, name):
        """RSS in MB with no client and with 10,000 idle ones, and the live heap in bytes per client."""
        process = self.poolers.start(name, {"max_client_conn": "12000"}, POOLER_CORE)
        idle = None
        try:
            time.sleep(self.SETTLED_S)
            empty = process.rss_kb() / 1024
            idle = subprocess.Popen(["taskset", "-c", LOAD_CORE, LOAD, "port=%d" % process.port, "mode=idle",
                                     "clients=%d" % self.IDLE], stdin=subprocess.PIPE, stdout=subprocess.PIPE)
            if idle.stdout.readline() != b"ready\n":
                raise Missing("%s does not take %d clients" % (name, self.IDLE))
            time.sleep(self.SETTLED_S)
            full = process.rss_kb() / 1024
            heap_full = live_heap(process, "full") if name == "sluice" else None
            idle.stdin.close()
            idle.wait()
            idle = None
            time.sleep(2)
            heap_empty = live_heap(process, "empty") if name == "sluice" else None
        finally:
            if idle:
                idle.kill()
                idle.wait()
            process.stop()
        per_client = (heap_full - heap_empty) / self.IDLE if heap_full and heap_empty else None
        return empty, full, per_client


def live_heap(process, moment):
    """Bytes of the objects that live in a Java process, after a collection; None without jcmd.

    The largest classes go to target/heap-full.txt and heap-empty.txt.
    """
    jcmd = shutil.which("jcmd")
    if not jcmd:
        return None
    out = subprocess.run([jcmd, str(process.pid), "GC.class_histogram"], stdout=subprocess.PIPE,
                         stderr=subprocess.DEVNULL, text=True).stdout
    total = [line for line in out.splitlines() if line.startswith("Total")]
    if total:
        with open(os.path.join(TARGET, "heap-%s.txt" % moment), "w") as file:
            file.write("\n".join(out.splitlines()[:60]))
    return int(total[0].split()[2]) if total else None
