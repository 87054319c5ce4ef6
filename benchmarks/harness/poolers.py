"""The poolers under test and the PostgreSQL behind them: found, built, started, stopped."""

import base64
import glob
import hashlib
import hmac
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import time

BENCHMARKS = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
HOME = os.path.dirname(BENCHMARKS)
TARGET = os.path.join(BENCHMARKS, "target")
LOAD = os.path.join(TARGET, "load")
STUB = os.path.join(TARGET, "stub")

# The same for both poolers: what is not set here is each one's default.
SETTINGS = {
    "listen_addr": "127.0.0.1",
    "unix_socket_dir": "",
    "auth_type": "trust",
    "pool_mode": "transaction",
    "default_pool_size": "20",
    "max_client_conn": "2000",
    "log_connections": "0",
    "log_disconnections": "0",
    "log_stats": "0",
    "log_pooler_errors": "0",
}
# Packages of PgBouncer's libraries that a machine may lack, under the names of several releases.
LIBRARIES = ("libc-ares2", "libcares2", "libevent-2.1-7", "libevent-2.1-7t64")
USER, PASSWORD = "bench", "secret"


class Missing(Exception):
    """Something that a run needs is not on this machine; the text says what to do."""


def other_user():
    """Poolers refuse to run as root: arguments for Popen that make them somebody else."""
    return {"user": "nobody", "group": "nogroup", "extra_groups": []} if os.geteuid() == 0 else {}


def free_port():
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        return s.getsockname()[1]


def compile_load():
    """Compiles the load and the stub when they are missing or old; tells whether OpenSSL is in."""
    os.makedirs(TARGET, exist_ok=True)
    has_openssl = os.path.join(TARGET, "load-with-openssl")
    if not is_current(STUB):
        subprocess.run(compiler(STUB, "stub.c"), check=True)
    if not is_current(LOAD) or not os.path.exists(has_openssl):
        plain = compiler(LOAD, "load.c", "login.c", "measure.c")
        tls = subprocess.run([*plain, "-DWITH_OPENSSL", "-lssl", "-lcrypto"], stderr=subprocess.DEVNULL)
        if tls.returncode == 0:
            open(has_openssl, "w").close()
        else:
            subprocess.run(plain, check=True)
    return os.path.exists(has_openssl)


def is_current(binary):
    sources = glob.glob(os.path.join(BENCHMARKS, "load", "*"))
    return os.path.exists(binary) and all(os.path.getmtime(binary) > os.path.getmtime(s) for s in sources)


def compiler(binary, *sources):
    cc = shutil.which("cc") or shutil.which("gcc")
    if not cc:
        raise Missing("no C compiler: install one (apt-get install gcc libc6-dev libssl-dev)")
    return [cc, "-O2", "-Wall", "-Wextra", "-o", binary, *[os.path.join(BENCHMARKS, "load", s) for s in sources]]


def find_pgbouncer():
    """The program and its environment: $PGBOUNCER, the PATH, or Debian's package, unpacked only."""
    named = os.environ.get("PGBOUNCER")
    if named:
        if not os.path.isfile(named) or not os.access(named, os.X_OK):
            raise Missing("PGBOUNCER=%s is not a program" % named)
        return os.path.abspath(named), {}
    found = shutil.which("pgbouncer") or shutil.which("/usr/sbin/pgbouncer")
    if found:
        return found, {}
    root = os.path.join(TARGET, "pgbouncer")
    program = os.path.join(root, "usr/sbin/pgbouncer")
    if not os.path.exists(program):
        unpack_package(root)
    return program, {"LD_LIBRARY_PATH": ":".join(glob.glob(os.path.join(root, "usr/lib/*-linux-gnu*")))}


def unpack_package(root):
    """Debian's package without installing it, so that nothing is started; and its rarer libraries."""
    if not shutil.which("apt-get"):
        raise Missing("no PgBouncer: install it, or set PGBOUNCER=path")
    os.makedirs(root, exist_ok=True)
    if not download(root, "pgbouncer"):
        subprocess.run(["apt-get", "-qq", "update"], check=False)
        if not download(root, "pgbouncer"):
            raise Missing("cannot download PgBouncer: install it, or set PGBOUNCER=path")
    for library in LIBRARIES:
        download(root, library)
    for package in glob.glob(os.path.join(root, "*.deb")):
        subprocess.run(["dpkg", "-x", package, root], check=True)


def download(root, package):
    return subprocess.run(["apt-get", "-qq", "download", package], cwd=root, stderr=subprocess.DEVNULL).returncode == 0


def find_sluice():
    """The launcher, with the jar and the class archive of this Java made if they are missing."""
    launcher = os.path.join(HOME, "sluice")
    jar = os.path.join(HOME, "proxy/target/sluice.jar")
    subprocess.run([launcher, "--version"], check=True, stdout=subprocess.DEVNULL, **other_user_if(jar))
    kinds = ("proxy/target/sluice-*.aot", "proxy/target/sluice-*.jsa")
    archives = [found for kind in kinds for found in glob.glob(os.path.join(HOME, kind))]
    if not any(os.path.getmtime(a) > os.path.getmtime(jar) for a in archives):
        subprocess.run([launcher, "rehearse"], check=True, stdout=subprocess.DEVNULL)
    return launcher


def jar_is_old():
    """Whether a source has changed since the jar was built."""
    built = os.path.getmtime(os.path.join(HOME, "proxy/target/sluice.jar"))
    sources = glob.glob(os.path.join(HOME, "*/src/main/**"), recursive=True)
    return any(os.path.isfile(s) and os.path.getmtime(s) > built for s in sources)


def other_user_if(jar):
    """A build has to write here as whoever we are; with a jar anybody may ask the version."""
    return other_user() if os.path.exists(jar) else {}


def version_of(command, env):
    try:
        out = subprocess.run([command, "--version"], env={**os.environ, **env}, stdout=subprocess.PIPE,
                             stderr=subprocess.STDOUT, text=True, **other_user()).stdout
    except PermissionError:
        # Of a program below /root, for example.
        raise Missing("user nobody may not run %s; copy it elsewhere" % command) from None
    lines = out.strip().splitlines()
    return lines[0] if lines else "unknown"


def scram_secret(password):
    """A SCRAM-SHA-256 secret as PostgreSQL stores it; with it a login costs no key derivation."""
    salt = b"0123456789abcdef"
    salted = hashlib.pbkdf2_hmac("sha256", password.encode(), salt, 4096)
    client_key = hmac.digest(salted, b"Client Key", "sha256")
    server_key = hmac.digest(salted, b"Server Key", "sha256")
    text = lambda b: base64.b64encode(b).decode()
    return "SCRAM-SHA-256$4096:%s$%s:%s" % (text(salt), text(hashlib.sha256(client_key).digest()), text(server_key))


def cpu_ns(pid):
    """Time on a CPU of all threads of a process."""
    total = 0
    for path in glob.glob("/proc/%d/task/*/schedstat" % pid):
        try:
            with open(path) as file:
                total += int(file.read().split()[0])
        except OSError:
            pass
    return total


# For what may only run when nobody else on its core wants to.
BACKGROUND = ("chrt", "--idle", "0")


class Process:
    """A child on certain cores."""

    def __init__(self, command, cores, log, env=None, as_other=False, stdin=subprocess.DEVNULL):
        os.makedirs(os.path.dirname(log), exist_ok=True)
        self.log = log
        with open(log, "ab") as output:
            self.child = subprocess.Popen(
                ["taskset", "-c", cores, *command], stdin=stdin, stdout=output, stderr=output,
                env={**os.environ, **(env or {})}, **(other_user() if as_other else {}))
        self.pid = self.child.pid

    def stop(self):
        if self.child.poll() is None:
            self.child.send_signal(signal.SIGTERM)
            try:
                self.child.wait(5)
            except subprocess.TimeoutExpired:
                self.child.kill()
                self.child.wait()

    def rss_kb(self):
        with open("/proc/%d/status" % self.pid) as file:
            return int(re.search(r"VmRSS:\s*(\d+)", file.read()).group(1))


class Stub(Process):
    """The PostgreSQL that costs less than a pooler."""

    def __init__(self, directory, cores, name="stub", before=()):
        super().__init__([*before, STUB], cores, os.path.join(directory, name + ".log"))
        self.port = 0
        for _ in range(500):
            with open(self.log) as file:
                said = re.search(r"port (\d+)", file.read())
            if said:
                self.port = int(said.group(1))
                return
            time.sleep(0.01)
        raise Missing("the stub does not start: see " + self.log)


class Poolers:
    """Knows how to start each contender with a configuration."""

    def __init__(self, directory, stubs):
        """stubs: the PostgreSQL behind each database."""
        self.directory = directory
        self.stubs = stubs
        self.pgbouncer, self.pgbouncer_env = find_pgbouncer()
        self.sluice = find_sluice()
        self.version = {
            "pgbouncer": version_of(self.pgbouncer, self.pgbouncer_env),
            "sluice": version_of(self.sluice, {}),
        }
        number = re.search(r"(\d+)\.(\d+)", self.version["pgbouncer"])
        if not number:
            raise Missing("PgBouncer does not run: " + self.version["pgbouncer"])
        # Named statements in transaction pooling came with 1.21.
        self.pgbouncer_rewrites = (int(number.group(1)), int(number.group(2))) >= (1, 21)
        os.chmod(directory, 0o755)
        self.count = 0

    def java_version(self):
        """The Java that the launcher chooses."""
        process = self.start("sluice", {}, "0,1")
        try:
            java = os.path.dirname(os.path.dirname(os.path.realpath("/proc/%d/exe" % process.pid)))
        finally:
            process.stop()
        try:
            with open(os.path.join(java, "release")) as file:
                return re.search(r'JAVA_VERSION="(.*)"', file.read()).group(1)
        except (OSError, AttributeError):
            return java

    def write_config(self, settings):
        self.count += 1
        base = os.path.join(self.directory, "config-%d" % self.count)
        port = settings.get("listen_port") or free_port()
        secret = scram_secret(PASSWORD) if settings.get("auth_type") == "scram-sha-256" else PASSWORD
        with open(base + ".users", "w") as file:
            file.write('"%s" "%s"\n' % (USER, secret))
        values = {**SETTINGS, "listen_port": port, "auth_file": base + ".users", **settings}
        with open(base + ".ini", "w") as file:
            file.write("[databases]\n")
            for database, stub in self.stubs.items():
                file.write("%s = host=127.0.0.1 port=%d dbname=bench\n" % (database, stub.port))
            file.write("\n[pgbouncer]\n")
            file.writelines("%s = %s\n" % item for item in values.items())
        return base + ".ini", port

    def launch(self, name, settings, cores):
        """Starts a contender and returns at once: sluice, pgbouncer or pgbouncer-64k."""
        if name == "pgbouncer-64k":
            settings = {**settings, "pkt_buf": "65536"}
        config, port = self.write_config(settings)
        log = os.path.join(self.directory, "%s-%d.log" % (name, self.count))
        if name == "sluice":
            process = Process([self.sluice, "-q", config], cores, log, as_other=True)
        else:
            process = Process([self.pgbouncer, "-q", config], cores, log, self.pgbouncer_env, as_other=True)
        process.name, process.port = name, port
        return process

    def start(self, name, settings, cores, login=()):
        """Starts a contender and returns when it answers a query."""
        process = self.launch(name, settings, cores)
        command = [LOAD, "port=%d" % process.port, "mode=first", "wait=1", *login]
        try:
            subprocess.run(command, check=True, stdout=subprocess.DEVNULL, timeout=30)
        except (subprocess.SubprocessError, OSError):
            process.stop()
            with open(process.log, errors="replace") as file:
                sys.stderr.write(file.read()[-2000:])
            raise Missing("%s does not answer; its log is %s" % (name, process.log)) from None
        return process


def make_certificate(directory):
    """A self-signed EC certificate; returns the settings that make a pooler demand TLS."""
    key, cert = os.path.join(directory, "tls.key"), os.path.join(directory, "tls.crt")
    settings = {"client_tls_sslmode": "require", "client_tls_key_file": key, "client_tls_cert_file": cert}
    if os.path.exists(cert):
        return settings
    if not shutil.which("openssl"):
        raise Missing("no openssl command: apt-get install openssl")
    subprocess.run(
        ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes",
         "-keyout", key, "-out", cert, "-subj", "/CN=localhost", "-days", "30"],
        check=True, stderr=subprocess.DEVNULL)
    os.chmod(key, 0o644)
    return settings
