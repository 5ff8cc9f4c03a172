// Feeds made-up and spoiled captures to the whole program: npm run fuzz -- [COUNT] [--seed N] [--jobs N] [--case N]
//
// Cases follow from the seed and their number, so that each can be repeated alone. The generators and properties are
// test/fuzz/*.ts; what they need is compiled to a temporary folder. A worker that stays with one case is stopped. Ctrl-C
// ends the run with what it found.
import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { availableParallelism, tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { clearInterval, setInterval } from "node:timers";
import { parseArgs } from "node:util";
import { performance } from "node:perf_hooks";
import { Worker } from "node:worker_threads";
import ts from "typescript";

const DEFAULT_COUNT = 10_000_000;
/** Seconds that one case may take on a busy machine; an ordinary one takes less than a thousandth. */
const PATIENCE = 30;
/** Megabytes that a worker may keep: cases leave nothing behind. */
const HEAP = 400;
const PROGRESS = 10_000;

const root = join(import.meta.dirname, "..");
const home = mkdtempSync(join(tmpdir(), "leasetap-fuzzing-"));

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { seed: { type: "string" }, jobs: { type: "string" }, case: { type: "string" } },
});
const seed = whole(values.seed ?? process.env.LEASETAP_SEED ?? String(Math.floor(Math.random() * 2 ** 31)), "--seed");
const only = values.case === undefined ? null : whole(values.case, "--case");
const count = only === null ? whole(positionals[0] ?? String(DEFAULT_COUNT), "COUNT") : 1;
const jobs =
  only === null ? Math.max(1, Math.min(count, whole(values.jobs ?? String(availableParallelism()), "--jobs"))) : 1;

process.exitCode = await main();

async function main() {
  const started = performance.now();
  console.error(`fuzz: ${count} cases, ${jobs} at a time; seed ${seed} (--seed ${seed} repeats them)`);
  try {
    compile();
    const first = only ?? 0;
    const workers = Array.from({ length: jobs }, (_, job) =>
      start({ seed, first: first + job, step: jobs, end: first + count }),
    );
    const stop = watch(workers, started);
    // A run of hours is ended early with what it found.
    process.once("SIGINT", () => workers.forEach(({ enough }) => Atomics.store(enough, 0, 1)));
    const all = await Promise.all(workers.map(({ result }) => result)).finally(stop);
    await Promise.all(workers.map(({ worker }) => worker.terminate()));
    return conclude(all, performance.now() - started);
  } finally {
    rmSync(home, { recursive: true, force: true });
  }
}

/** Types are for `npm run typecheck`; here they are only left out. */
function compile() {
  for (const name of ["node_modules", "pcaps", "docs"]) symlinkSync(join(root, name), join(home, name));
  cpSync(join(root, "package.json"), join(home, "package.json"));
  for (const folder of ["src", "test/fuzz", "test/support"]) {
    for (const name of readdirSync(join(root, folder), { recursive: true, encoding: "utf8" })) {
      if (!name.endsWith(".ts") || name.endsWith(".d.ts") || name.endsWith(".test.ts")) continue;
      const target = join(home, folder, name.replace(/\.ts$/, ".js"));
      mkdirSync(dirname(target), { recursive: true });
      writeFileSync(target, compiled(readFileSync(join(root, folder, name), "utf8")));
    }
  }
}

function compiled(source) {
  const compilerOptions = { target: ts.ScriptTarget.ES2023, module: ts.ModuleKind.ESNext, verbatimModuleSyntax: true };
  return ts.transpileModule(source, { compilerOptions }).outputText;
}

function start(range) {
  const state = new SharedArrayBuffer(24);
  const worker = new Worker(join(home, "test/fuzz/worker.js"), {
    workerData: { ...range, state },
    resourceLimits: { maxOldGenerationSizeMb: HEAP },
  });
  const view = new Float64Array(state, 0, 2);
  const enough = new Int32Array(state, 16, 1);
  view[0] = range.first;
  const result = new Promise((settle) => {
    const broken = (why) => settle({ failures: [`case ${view[0]} of seed ${seed}: ${why}`] });
    worker.on("message", settle);
    worker.on("error", (error) => broken(error.stack ?? String(error)));
    worker.on("exit", () => broken(`took longer than ${PATIENCE} s, or ended its process`));
  });
  return { worker, view, enough, result, range, seen: -1, since: performance.now() };
}

/** Stops who stays with one case, and tells how far the others are. */
function watch(workers, started) {
  let told = performance.now();
  const timer = setInterval(() => {
    const now = performance.now();
    for (const entry of workers) {
      if (entry.view[0] !== entry.seen) {
        entry.seen = entry.view[0];
        entry.since = now;
      } else if (now - entry.since > PATIENCE * 1000) {
        void entry.worker.terminate();
      }
    }
    if (now - told < PROGRESS) return;
    told = now;
    const done = workers.reduce((sum, { view, range }) => sum + (view[0] - range.first) / range.step, 0);
    const megabytes = Math.round(process.memoryUsage.rss() / 1e6);
    console.error(`fuzz: ${done} of ${count} cases, ${perSecond(done, now - started)} a second, ${megabytes} MB`);
  }, 1000);
  return () => clearInterval(timer);
}

function conclude(all, milliseconds) {
  const sum = (name) => all.reduce((total, each) => total + (each[name] ?? 0), 0);
  const kinds = {};
  for (const each of all) {
    for (const [kind, number] of Object.entries(each.kinds ?? {})) kinds[kind] = (kinds[kind] ?? 0) + number;
  }
  const slowest = all.flatMap((each) => each.slowest ?? []).sort((a, b) => b.milliseconds - a.milliseconds)[0];
  const failures = all.flatMap((each) => each.failures);
  for (const failure of failures) console.log(`\n${failure}`);
  const known = sum("known") === 0 ? "" : `, ${sum("known")} cases with known ones (test/fuzz/known.ts)`;
  const parts = Object.entries(kinds).map(([kind, number]) => `${number} ${kind}s`);
  console.log(
    `fuzz: ${sum("cases")} cases (${parts.join(", ")}), ${sum("frames")} frames, ${sum("bytes")} bytes in ${Math.round(
      milliseconds / 1000,
    )} s; seed ${seed}; ${failures.length} failures${known}`,
  );
  if (slowest !== undefined)
    console.log(`fuzz: the slowest was case ${slowest.number}, ${Math.round(slowest.milliseconds)} ms`);
  return failures.length === 0 ? 0 : 1;
}

function perSecond(number, milliseconds) {
  return Math.round((1000 * number) / milliseconds);
}

/** Exits with the command line's own code where it is no whole number. */
function whole(text, name) {
  const value = Number(text);
  if (Number.isInteger(value) && value >= 0) return value;
  console.error(`fuzz: ${name} must be a whole number, not ${JSON.stringify(text)}`);
  return process.exit(2);
}
