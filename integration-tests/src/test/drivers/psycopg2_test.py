"""psycopg2 in its default settings: PORT DATABASE. Fails with a traceback."""

import io
import sys

import psycopg2
import psycopg2.extras

DSN = dict(host="127.0.0.1", port=sys.argv[1], dbname=sys.argv[2], user="postgres")


def one(cursor, sql, *values):
    cursor.execute(sql, values)
    return cursor.fetchone()[0]


def transactions(connections):
    for i in range(20):
        for n, connection in enumerate(connections):
            with connection, connection.cursor() as cursor:
                cursor.execute("INSERT INTO p2 (n, owner) VALUES (%s, %s)", (i, n))
    with connections[0].cursor() as cursor:
        for n in range(len(connections)):
            assert one(cursor, "SELECT sum(n) FROM p2 WHERE owner = %s", n) == 190
    connections[0].rollback()


def parameters(connections):
    for n, connection in enumerate(connections):
        connection.autocommit = True
        with connection.cursor() as cursor:
            cursor.execute("SET application_name = %s", (f"app{n}",))
        connection.set_client_encoding("LATIN1" if n else "UTF8")
    for _ in range(5):
        for n, connection in enumerate(connections):
            with connection.cursor() as cursor:
                assert one(cursor, "SHOW application_name") == f"app{n}"
                assert one(cursor, "SHOW client_encoding") == ("LATIN1" if n else "UTF8")
                assert one(cursor, "SELECT %s", "é") == "é"


def isolation(connection):
    connection.autocommit = False
    connection.set_session(isolation_level="SERIALIZABLE", readonly=True)
    with connection, connection.cursor() as cursor:
        assert one(cursor, "SHOW transaction_isolation") == "serializable"
        assert one(cursor, "SHOW transaction_read_only") == "on"
    connection.set_session(isolation_level="DEFAULT", readonly="DEFAULT")


def cursors(connection):
    with connection, connection.cursor(name="rows") as cursor:
        cursor.itersize = 7
        cursor.execute("SELECT generate_series(1, 100)")
        assert sum(row[0] for row in cursor) == 5050


def copies(connection):
    with connection, connection.cursor() as cursor:
        cursor.copy_from(io.StringIO("1\t9\n2\t9\n"), "p2", columns=("n", "owner"))
        out = io.StringIO()
        cursor.copy_expert("COPY (SELECT n FROM p2 WHERE owner = 9 ORDER BY n) TO STDOUT", out)
        assert out.getvalue() == "1\n2\n"


def large_objects(connection):
    with connection:
        made = connection.lobject(0, "wb")
        made.write(b"\x00\xff" * 50_000)
        oid = made.oid
        made.close()
    with connection:
        assert connection.lobject(oid, "rb").read() == b"\x00\xff" * 50_000


def batches(connection):
    with connection, connection.cursor() as cursor:
        rows = [(i, 7) for i in range(1000)]
        psycopg2.extras.execute_values(cursor, "INSERT INTO p2 (n, owner) VALUES %s", rows)
        assert one(cursor, "SELECT count(*) FROM p2 WHERE owner = 7") == 1000


def errors(connection):
    try:
        with connection, connection.cursor() as cursor:
            cursor.execute("SELECT 1/0")
        raise AssertionError("no error")
    except psycopg2.errors.DivisionByZero:
        pass
    with connection, connection.cursor() as cursor:
        assert one(cursor, "SELECT 7") == 7


def main():
    connections = [psycopg2.connect(**DSN) for _ in range(3)]
    with connections[0] as connection, connection.cursor() as cursor:
        cursor.execute("CREATE TABLE p2 (n int, owner int)")
    transactions(connections)
    parameters(connections)
    first = connections[0]
    isolation(first)
    for use in (cursors, copies, large_objects, batches, errors):
        use(first)
    for connection in connections:
        connection.close()
    print("psycopg2", psycopg2.__version__.split()[0], "ok")


main()
