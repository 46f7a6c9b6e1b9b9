// One job of DuckDB: node duckdb.mjs FOLDER N THREADS PEER JOB; prints seconds, peak MB and the number to agree on.
// With COLD set a query opens the file and reads what it needs from it, once.
// Needs @duckdb/node-api in FOLDER/duckdb (npm install --prefix FOLDER/duckdb @duckdb/node-api).
import { createRequire } from 'node:module';
import fs from 'node:fs';
const [folder, n, threads, , what] = process.argv.slice(2);
const cold = process.env.COLD;
let DuckDBInstance;
try { ({ DuckDBInstance } = createRequire(folder + '/duckdb/')('@duckdb/node-api')); } catch { process.exit(3); }
const csv = `${folder}/cohort-${n}.csv`, file = `${folder}/cohort-${n}.duckdb`, parquet = `${folder}/cohort-${n}.parquet`;
const peak = () => +fs.readFileSync('/proc/self/status', 'utf8').match(/VmHWM:\s+(\d+)/)[1] / 1024;
const open = async (path, more = {}) => (await DuckDBInstance.create(path, { threads, ...more })).connect();
const rows = async (c, q) => (await c.runAndReadAll(q)).getRows().map(r => r.map(Number));
async function job(f, number) {
  let took, r;
  for (let i = 0; i < 2; i++) {
    const start = process.hrtime.bigint();
    r = await f();
    took = Number(process.hrtime.bigint() - start) / 1e9;
    if (cold || took > 5) break;
  }
  console.log([took.toFixed(6), peak().toFixed(0), number(r)].join('\t'));
}
async function make() { // under another name, so that what a time limit breaks off is not taken for the file
  const part = file + '.part';
  for (const f of [part, part + '.wal']) fs.rmSync(f, { force: true });
  const c = await open(part);
  await c.run(`CREATE TABLE d AS SELECT * FROM read_csv('${csv}')`);
  await c.run('CHECKPOINT');
  const count = await rows(c, 'SELECT count(*) FROM d');
  fs.renameSync(part, file);
  return count;
}
async function want_file() {
  if (fs.existsSync(file)) return;
  if (+n > 2e7) process.exit(4); // minutes: only the import job makes it
  await make();
}
async function read_all() { // every column that the file has
  const c = await open(file, { access_mode: 'READ_ONLY' });
  const there = new Set((await c.runAndReadAll('DESCRIBE d')).getRows().map(r => r[0]));
  const sums = numbers.filter(n => there.has(n)).map(n => `sum(${n})`), lengths = texts.filter(t => there.has(t)).map(t => `max(length(${t}::VARCHAR))`);
  return rows(c, `SELECT count(*), ${[...sums, ...lengths]} FROM d`);
}
const labs = ['age', 'bmi', 'sbp', 'hb', 'crea', 'crp', 'alb', 'plt', 'ldl', 'hba1c', 'egfr'];
const numbers = ['id', 'treatment', ...labs, 'diabetes', 'htn', 'ckd', 'copd', 'time', 'time_c', 'status', 'cost', 'los', 'n_exac', 'resp'];
const texts = ['sex', 'site', 'region', 'stage', 'index_date'];
const query = {
  filter_count: `SELECT count(*) FROM d WHERE age >= 50 AND age < 70 AND sex = 'F' AND stage IN ('III', 'IV') AND crp > 5 AND ckd = 0 AND hb < 13`,
  group_by: `SELECT avg(age), stddev(age), avg(cost), stddev(cost), avg(los), stddev(los), avg(crp), stddev(crp), count(*) FROM d GROUP BY site, treatment ORDER BY site, treatment`,
  table1_quartiles: `SELECT ${labs.map(c => `avg(${c}), stddev(${c}), quantile_cont(${c}, 0.25), quantile_cont(${c}, 0.5), quantile_cont(${c}, 0.75)`)} FROM d GROUP BY treatment ORDER BY treatment`,
};
if (what === 'import') {
  await job(make, r => r[0][0]);
} else if (what === 'parquet') {                  // prints its size instead of a time
  await want_file();
  fs.rmSync(parquet, { force: true });
  await (await open(file, { access_mode: 'READ_ONLY' })).run(`COPY d TO '${parquet}' (FORMAT parquet, COMPRESSION zstd)`);
  console.log([fs.statSync(parquet).size, fs.statSync(file).size].join('\t'));
} else {
  await want_file();
  if (what === 'read_all')
    await job(read_all, r => r[0][0]);
  else if (cold)
    await job(async () => rows(await open(file, { access_mode: 'READ_ONLY' }), query[what]), r => r[0][0]);
  else {
    const c = await open(':memory:');
    await c.run(`ATTACH '${file}' AS f (READ_ONLY)`);
    await c.run('CREATE TABLE d AS SELECT * FROM f.d');
    await job(() => rows(c, query[what]), r => r[0][0]);
  }
}
