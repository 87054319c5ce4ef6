"""psycopg 3 in its default settings: PORT DATABASE. Fails with a traceback."""

import asyncio
import sys

import psycopg

DSN = f"host=127.0.0.1 port={sys.argv[1]} dbname={sys.argv[2]} user=postgres"


def one(connection, sql, *values):
    return connection.execute(sql, values).fetchone()[0]


def prepared(connections):
    """From the fifth use on psycopg prepares by itself; of more than 100 it deallocates one."""
    for text in range(120):
        for i in range(6):
            for n, connection in enumerate(connections):
                assert one(connection, f"SELECT %s + {text} + %s", i, n) == i + text + n
                connection.commit()


def altered(connections):
    for connection in connections:
        for _ in range(7):
            connection.execute("SELECT * FROM p3").fetchall()
            connection.commit()
    connections[0].execute("ALTER TABLE p3 ADD COLUMN more int")
    connections[0].commit()
    failures = 0
    for _ in range(3):
        for connection in connections:
            try:
                assert len(connection.execute("SELECT * FROM p3").description) == 3
            except psycopg.errors.FeatureNotSupported:
                failures += 1
            connection.rollback()
    assert failures <= 1, failures


def pipelines(connections):
    for n, connection in enumerate(connections):
        with connection.pipeline():
            results = [connection.execute("SELECT %s + %s", (i, n)) for i in range(50)]
        assert [r.fetchone()[0] for r in results] == [i + n for i in range(50)]
        connection.commit()
        with connection.pipeline(), connection.cursor() as cursor:
            cursor.executemany(
                "INSERT INTO p3 (n, owner) VALUES (%s, %s)", [(i, n) for i in range(100)]
            )
        connection.commit()
        assert one(connection, "SELECT count(*) FROM p3 WHERE owner = %s", n) == 100
        connection.commit()


def failed_pipeline(connection):
    try:
        with connection.pipeline() as pipeline:
            connection.execute("SELECT 1")
            pipeline.sync()
            connection.execute("SELECT 1/0")
            connection.execute("SELECT 2")
            pipeline.sync()
        raise AssertionError("no error")
    except psycopg.errors.DivisionByZero:
        connection.rollback()
    assert one(connection, "SELECT 7") == 7
    connection.commit()


def cursors(connection):
    with connection.transaction(), connection.cursor(name="rows") as cursor:
        cursor.itersize = 7
        cursor.execute("SELECT generate_series(1, 100)")
        assert sum(row[0] for row in cursor) == 5050
    with connection.transaction(), connection.transaction(), connection.cursor() as cursor:
        # Row by row.
        assert sum(row[0] for row in cursor.stream("SELECT generate_series(1, 100)")) == 5050


def copies(connection):
    with connection.transaction(), connection.cursor() as cursor:
        with cursor.copy("COPY p3 (n, owner) FROM STDIN") as copy:
            for i in range(1000):
                copy.write_row((i, 9))
        with cursor.copy("COPY (SELECT n FROM p3 WHERE owner = 9) TO STDOUT") as copy:
            assert sum(1 for _ in copy.rows()) == 1000


async def concurrent():
    connections = [await psycopg.AsyncConnection.connect(DSN) for _ in range(8)]

    async def work(n, connection):
        for i in range(30):
            cursor = await connection.execute("SELECT %s * 100 + %s", (i, n))
            assert (await cursor.fetchone())[0] == i * 100 + n
            await connection.commit()

    await asyncio.gather(*(work(n, c) for n, c in enumerate(connections)))
    for connection in connections:
        await connection.close()


def main():
    connections = [psycopg.connect(DSN) for _ in range(3)]
    first = connections[0]
    first.execute("CREATE TABLE p3 (n int, owner int)")
    first.commit()
    prepared(connections[:2])
    altered(connections)
    pipelines(connections)
    failed_pipeline(first)
    cursors(first)
    copies(first)
    asyncio.run(concurrent())
    for connection in connections:
        connection.close()
    print("psycopg", psycopg.__version__, "libpq", psycopg.pq.version(), "ok")


main()
