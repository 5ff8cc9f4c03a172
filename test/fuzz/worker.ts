import { parentPort, workerData } from "node:worker_threads";
import { run } from "./run.js";

/** What scripts/fuzz.mjs shares with its workers: the number of the case under way, a double; whether to end. */
interface Work {
  readonly seed: number;
  readonly first: number;
  readonly step: number;
  readonly end: number;
  readonly state: SharedArrayBuffer;
}

function isWork(value: unknown): value is Work {
  return typeof value === "object" && value !== null && "state" in value && value.state instanceof SharedArrayBuffer;
}

const work: unknown = workerData;
if (!isWork(work)) throw new TypeError("started without work");
const state = new Float64Array(work.state, 0, 1);
const enough = new Int32Array(work.state, 8, 1);
const totals = run(work, {
  goOn: (number) => {
    state[0] = number;
    return Atomics.load(enough, 0) === 0;
  },
  failed: (story) => parentPort?.postMessage({ failure: story }),
});
parentPort?.postMessage({ totals });
