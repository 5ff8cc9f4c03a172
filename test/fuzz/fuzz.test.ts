import { spawn } from "node:child_process";
import { fileURLToPath } from "node:url";
import { expect, it } from "vitest";
import { ended } from "../support/program.js";

const root = fileURLToPath(new URL("../../", import.meta.url));
const CASES = 100_000;
/** Milliseconds for all of them, the budget of the whole run; two cores to themselves take a tenth. */
const PATIENCE = 600_000;

it(`${CASES} captures, spoiled and made up, are read to a report without harm`, { timeout: PATIENCE }, async () => {
  const seed = process.env["LEASETAP_SEED"] ?? "1";
  const args = ["scripts/fuzz.mjs", String(CASES), "--seed", seed, "--jobs", "2"];
  const { code, stdout, stderr } = await ended(
    spawn(process.execPath, args, { cwd: root, timeout: PATIENCE - 10_000 }),
  );
  process.stdout.write(stdout);
  expect(stdout).toContain(`${CASES} cases`);
  expect(code, stderr).toBe(0);
});
