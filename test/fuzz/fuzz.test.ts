import { spawn } from "node:child_process";
import { fileURLToPath } from "node:url";
import { expect, it } from "vitest";
import { ended } from "../support/program.js";

const root = fileURLToPath(new URL("../../", import.meta.url));
const CASES = 100_000;
/** Milliseconds for all of them, the budget of the whole run; two cores to themselves take a fifth. */
const PATIENCE = 900_000;

it(`${CASES} captures, spoiled and made up, are read to a report without harm`, { timeout: PATIENCE }, async () => {
  const seed = process.env["LEASETAP_SEED"] ?? "1";
  const args = [process.execPath, "scripts/fuzz.mjs", String(CASES), "--seed", seed, "--jobs", "2"];
  // Other tests run beside it, and some of them by the clock.
  const fuzz = spawn("nice", args, { cwd: root, timeout: PATIENCE - 10_000 });
  const { code, stdout, stderr } = await ended(fuzz);
  process.stdout.write(stdout);
  expect(stdout).toContain(`${CASES} cases`);
  expect(code, stderr).toBe(0);
});
