// Feeds made-up and spoiled captures to the whole program:
//
//     npm run fuzz -- [COUNT] [--seed N] [--jobs N] [--first N] [--case N]
//
// Cases follow from the seed and their number, so that each can be repeated alone (--case), and a run be taken up where it
// was ended (--first). The generators and properties are test/fuzz/*.ts (README.md there); what they need is compiled to a
// temporary folder. A worker that stays with one case is stopped. Ctrl-C ends the run with what it found.
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
/** Milliseconds between two lines that tell how far it is. */
const PROGRESS = 30_000;

const root = join(import.meta.dirname, "..");
const home = mkdtempSync(join(tmpdir(), "leasetap-fuzzing-"));

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    seed: { type: "string" },
    jobs: { type: "string" },
    first: { type: "string" },
    case: { type: "string" },
  },
});
const seed = whole(values.seed ?? process.env.LEASETAP_SEED ?? String(Math.floor(Math.random() * 2 ** 31)), "--seed");
const only = values.case === undefined ? null : whole(values.case, "--case");
const count = only === null ? whole(positionals[0] ?? String(DEFAULT_COUNT), "COUNT") : 1;
const jobs =
  only === null ? Math.max(1, Math.min(count, whole(values.jobs ?? String(availableParallelism()), "--jobs"))) : 1;
const first = only ?? whole(values.first ?? "0", "--first");
const failures = [];

process.exitCode = await main();

async function main() {
  const started = performance.now();
  console.error(`fuzz: ${count} cases from ${first} on, ${jobs} at a time; seed ${seed} (--seed ${seed} repeats them)`);
  try {
    compile();
    const workers = Array.from({ length: jobs }, (_, job) =>
      start({ seed, first: first + job, step: jobs, end: first + count }),
    );
    const stop = watch(workers, started);
    // A long run is ended early with what it found.
    for (const signal of ["SIGINT", "SIGTERM"]) {
      process.once(signal, () => workers.forEach(({ enough }) => Atomics.store(enough, 0, 1)));
    }
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
  for (const folder of ["src", "test/fuzz", "test/support", "test/wire"]) {
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
  const state = new SharedArrayBuffer(16);
  const worker = new Worker(join(home, "test/fuzz/worker.js"), {
    workerData: { ...range, state },
    resourceLimits: { maxOldGenerationSizeMb: HEAP },
  });
  const view = new Float64Array(state, 0, 1);
  const enough = new Int32Array(state, 8, 1);
  view[0] = range.first;
  const result = new Promise((settle) => {
    let over = false;
    const end = (totals) => {
      over = true;
      settle(totals);
    };
    const broken = (why) => {
      if (over) return;
      failed(`case ${view[0]} of seed ${seed}: ${why}\n  repeat it: npm run fuzz -- --seed ${seed} --case ${view[0]}`);
      end({ cases: (view[0] - range.first) / range.step, next: view[0] });
    };
    worker.on("message", ({ failure, totals }) => (failure === undefined ? end(totals) : failed(failure)));
    worker.on("error", (error) => broken(error.stack ?? String(error)));
    worker.on("exit", () => broken(`took longer than ${PATIENCE} s, or ended its process`));
  });
  return { worker, view, enough, result, range, seen: -1, since: performance.now() };
}

/** Told at once: a long run may be ended in ways that leave no time for it. */
function failed(story) {
  failures.push(story);
  console.log(`\n${story}`);
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
    const rate = perSecond(done, now - started);
    const minutes = Math.ceil((count - done) / Math.max(1, rate) / 60);
    console.error(
      `fuzz: ${done} of ${count} cases, ${rate} a second, about ${minutes} min to go, ${megabytes} MB; ${failures.length} failures`,
    );
  }, 1000);
  return () => clearInterval(timer);
}

function conclude(all, milliseconds) {
  const sum = (name) => all.reduce((total, each) => total + (each[name] ?? 0), 0);
  const listed = (name, suffix) => {
    const keys = new Set(all.flatMap((each) => Object.keys(each[name] ?? {})));
    const total = (key) => all.reduce((number, each) => number + (each[name]?.[key] ?? 0), 0);
    return [...keys].map((key) => `${total(key)} ${key}${suffix}`).join(", ");
  };
  const slowest = all.flatMap((each) => each.slowest ?? []).sort((a, b) => b.milliseconds - a.milliseconds)[0];
  const seconds = Math.round(milliseconds / 1000);
  console.log(
    `fuzz: ${sum("cases")} cases (${listed("kinds", "s")}), ${sum("frames")} frames, ${sum("bytes")} bytes in ${seconds} s; ` +
      `seed ${seed}; ${failures.length} failures`,
  );
  console.log(`fuzz: all read, decoded, followed and judged; ${listed("looks", "")}`);
  if (slowest !== undefined)
    console.log(`fuzz: the slowest was case ${slowest.number}, ${Math.round(slowest.milliseconds)} ms`);
  const next = Math.min(...all.map((each) => each.next));
  if (next < first + count)
    console.log(`fuzz: ended early; npm run fuzz -- ${first + count - next} --seed ${seed} --first ${next} goes on`);
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
