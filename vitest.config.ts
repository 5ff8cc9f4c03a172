import { defineConfig } from "vitest/config";
import { PlainReporter } from "./test/support/reporter.js";

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
    // Properties and whole recordings take longer than a unit test.
    testTimeout: 30_000,
    hookTimeout: 60_000,
  },
});
