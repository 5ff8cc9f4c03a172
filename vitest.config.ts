import { availableParallelism } from "node:os";
import { defineConfig } from "vitest/config";
import { PlainReporter } from "./test/support/reporter.js";
import { LongestFirst } from "./test/support/sequencer.js";

/** The same at every run, so that a change is judged by what it changed; any other number tries other cases. */
const seed = Number(process.env["LEASETAP_SEED"] ?? 1);
if (!Number.isInteger(seed)) throw new Error("LEASETAP_SEED is not a whole number");

export default defineConfig({
  test: {
    include: ["test/**/*.test.ts"],
    globalSetup: ["test/support/built.ts"],
    setupFiles: ["test/support/setup.ts"],
    env: { LEASETAP_SEED: String(seed) },
    reporters: ["default", new PlainReporter(seed)],
    // One core less than there are is the default; but much of the time is waiting, for leases to run out.
    maxWorkers: Math.max(2, availableParallelism() - 1),
    sequence: { sequencer: LongestFirst },
    // Properties and whole recordings take longer than a unit test.
    testTimeout: 60_000,
    hookTimeout: 60_000,
  },
});
