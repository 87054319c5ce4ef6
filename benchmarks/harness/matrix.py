"""What is measured: the lines of the table, with the bar that each has to reach."""

PROTOCOLS = ("simple", "extended", "prepared")
CLIENTS = (1, 8, 64, 256, 1000)
MEGABYTE = 1_000_000
# One indexed look-up, as pgbench -S sends it.
QUERY = "SELECT abalance FROM pgbench_accounts WHERE aid = "
# A PgBouncer with large buffers, which bulk lines are also compared with.
WIDE = "pgbouncer-64k"


class Line:
    """
    One line of the table: how to run it and what to compare.

    setup: trust, md5, scram or tls. saturated: the load keeps the pooler busy; if not, latencies are
    the point, and are taken when Java has long compiled what it runs. bars: {figure: factor of
    PgBouncer's}, where "rate" must be at least, and cpu and p99 at most, the factor. foreign_limit:
    cores that others may use before a round is disturbed; it shows in the last percent first.
    """

    def __init__(self, name, args, bars=None, setup="trust", both=False, kind="load", payload=0,
                 contenders=("pgbouncer", "sluice"), quick=False, saturated=True):
        self.name, self.args, self.bars, self.setup = name, args, bars or {}, setup
        self.both, self.kind, self.payload, self.contenders = both, kind, payload, contenders
        self.quick, self.saturated = quick, saturated
        self.foreign_limit = 0.10 if saturated else 0.03


def query(protocol):
    return "query=" + QUERY + ("12345" if protocol == "simple" else "$1")


def load(protocol, clients, *more):
    return ["protocol=" + protocol, "clients=%d" % clients, query(protocol), *more]


def bars_of(protocol, clients):
    if clients <= 8:
        return {"rate": 1.0, "cpu": 1.03}
    if clients == 64:
        bars = {"rate": 1.25, "cpu": 0.80}
        if protocol == "simple":
            bars["p99"] = 0.85
        return bars
    return {"rate": 1.2} if protocol == "simple" else {}


def queries():
    for protocol in PROTOCOLS:
        for clients in CLIENTS:
            quick = clients in (8, 64) and protocol == "simple" or clients == 64
            yield Line("%s, %d clients" % (protocol, clients), load(protocol, clients),
                       bars_of(protocol, clients), quick=quick)


def pipelines():
    for name, protocol in (("simple", "simple"), ("extended", "extended"), ("extended, one Sync", "batch")):
        yield Line("pipelines of 8, " + name, load(protocol, 64, "pipeline=8"), {"rate": 1.0},
                   quick=protocol == "simple")


def bulk():
    bars = {"rate": 3.5, "wide": 0.95}
    contenders = ("pgbouncer", "sluice", WIDE)
    for name, text, more in (
            ("1 MB results, 1 kB rows", "SELECT rows=1000 width=1000", ()),
            ("1 MB results, 1 MB row", "SELECT rows=1 width=1000000", ()),
            ("COPY out, 1 kB rows", "COPY out rows=1000 width=1000", ()),
            ("COPY in, 1 kB rows", "COPY in", ("copy=1000000", "width=1000"))):
        yield Line(name, ["clients=4", "query=" + text, *more], bars, payload=MEGABYTE, contenders=contenders,
                   quick=name.startswith("1 MB results, 1 kB"))


def connections():
    for setup in ("trust", "md5", "scram"):
        yield Line("connect, query, disconnect: " + setup, ["mode=connect", "clients=16", query("simple")],
                   {"rate": 1.0}, setup=setup, quick=setup == "trust")
    yield Line("TLS, kept, simple, 64 clients", load("simple", 64, "tls=1"), {"cpu": 1.0}, setup="tls")
    yield Line("TLS, new (EC): connect, query, disconnect",
               ["mode=connect", "clients=16", "tls=1", query("simple")], {"cpu": 0.7}, setup="tls")


def paced():
    for name, rate, bars in (("10,000/s", "10000", {}), ("50,000/s", "50000", {}),
                             ("half of PgBouncer's best", "half", {"p99": 1.1})):
        yield Line("paced, %s, 64 clients" % name, load("simple", 64, "mode=open", "rate=" + rate), bars,
                   saturated=False, quick=rate == "half")
    yield Line("1,000/s beside two bulk streams", load("simple", 8, "mode=open", "rate=1000"), {"p99": 1.0},
               kind="streams", saturated=False)


def two_cores():
    for clients, factor in ((64, 1.35), (256, 1.7)):
        yield Line("two cores, simple, %d clients" % clients, load("simple", clients), {"rate": factor}, both=True)


def lines():
    return [*queries(), *pipelines(), *bulk(), *paced(), *connections(), *two_cores()]


# The bulk streams beside which small queries have to live.
STREAM = ["clients=2", "database=bulk", "query=SELECT rows=100000 width=1000"]
