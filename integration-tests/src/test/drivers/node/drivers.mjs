// The drivers pg and postgres in their default settings: PORT DATABASE. Fails with a stack.
import assert from 'node:assert/strict'
import pg from 'pg'
import postgres from 'postgres'

const options = { host: '127.0.0.1', port: Number(process.argv[2]), database: process.argv[3], user: 'postgres' }

async function withPg() {
  const pool = new pg.Pool({ ...options, max: 8 })
  await pool.query('CREATE TABLE node_pg (n int, owner text)')
  const one = async (client, text, ...values) => Object.values((await client.query(text, values)).rows[0])[0]
  await Promise.all(Array.from({ length: 200 }, async (_, i) =>
    assert.equal(await one(pool, 'SELECT $1::int + 1', i), i + 1)))
  // Named statements, on connections that take turns on the servers.
  const clients = await Promise.all([pool.connect(), pool.connect(), pool.connect()])
  for (let i = 0; i < 20; i++) {
    await Promise.all(clients.map(async (client, n) => {
      const result = await client.query({ name: 'add', text: 'SELECT $1::int + ' + n + ' AS sum', values: [i] })
      assert.equal(result.rows[0].sum, i + n)
    }))
  }
  const [first] = clients
  await first.query('BEGIN')
  await first.query('INSERT INTO node_pg VALUES ($1, $2)', [1, 'a'])
  await assert.rejects(first.query('SELECT 1/0'), { code: '22012' })
  await first.query('ROLLBACK')
  assert.equal(await one(first, 'SELECT count(*)::int FROM node_pg'), 0)
  const many = await first.query('SELECT 1 AS a; SELECT 2 AS b')
  assert.deepEqual(many.map(r => r.rows[0]), [{ a: 1 }, { b: 2 }])
  for (const client of clients) client.release()
  await pool.end()
}

async function withPostgres() {
  const sql = postgres({ ...options, max: 8, onnotice: () => {} })
  await sql`CREATE TABLE node_postgres (n int, owner text)`
  // Prepared and pipelined by itself.
  await Promise.all(Array.from({ length: 500 }, async (_, i) => {
    const [row] = await sql`SELECT ${i}::int + 1 AS sum`
    assert.equal(row.sum, i + 1)
  }))
  await sql.begin(async tx => {
    await tx`INSERT INTO node_postgres ${tx([{ n: 1, owner: 'a' }, { n: 2, owner: 'b' }])}`
    await tx.savepoint(async inner => { await inner`SELECT 1/0` }).catch(e => assert.equal(e.code, '22012'))
  })
  await assert.rejects(sql.begin(async tx => {
    await tx`DELETE FROM node_postgres`
    throw new Error('no')
  }), /no/)
  assert.equal((await sql`SELECT count(*)::int AS n FROM node_postgres`)[0].n, 2)
  let sum = 0
  await sql`SELECT generate_series(1, 100) AS n`.cursor(7, rows => { for (const row of rows) sum += row.n })
  assert.equal(sum, 5050)
  const slow = sql`SELECT pg_sleep(60)`
  setTimeout(() => slow.cancel(), 100)
  await assert.rejects(slow, { code: '57014' })
  // The columns change under a statement that is prepared; only one use may notice.
  for (let i = 0; i < 20; i++) await sql`SELECT * FROM node_postgres`
  await sql`ALTER TABLE node_postgres ADD COLUMN more int`
  let failures = 0
  for (let i = 0; i < 20; i++) {
    await sql`SELECT * FROM node_postgres`.catch(e => { assert.equal(e.code, '0A000'); failures++ })
  }
  assert.ok(failures <= 1, 'failed ' + failures + ' times')
  await sql.end()
}

await withPg()
await withPostgres()
console.log('pg and postgres ok')
