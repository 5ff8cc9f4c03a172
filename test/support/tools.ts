import { accessSync, constants } from "node:fs";
import { delimiter, join } from "node:path";
import { describeUnless, skipTest } from "./skip.js";

/**
 * Daemons live where a user's PATH does not always look. npm puts the programs of packages in front of it, one of which
 * is called dhcpd.
 */
const folders = [...(process.env["PATH"] ?? "").split(delimiter), "/usr/sbin", "/sbin"].filter(
  (folder) => !folder.includes("node_modules"),
);

export const inCi = process.env["CI"] === "true";

/** The path of a program, or null where it is not installed. */
export function findTool(name: string): string | null {
  for (const folder of folders) {
    const path = join(folder, name);
    if (isExecutable(path)) return path;
  }
  return null;
}

/**
 * The path of a program, for use within a test. Where it is not installed the test is skipped.
 *
 * @throws Error where it is missing under CI=true: there every test runs
 */
export function requireTool(name: string): string {
  const path = findTool(name);
  if (path !== null) return path;
  return absent(`needs ${name}, which is not installed`);
}

/**
 * `describe` for tests that need programs; where one is not installed they are skipped and say which.
 *
 * @throws Error where one is missing under CI=true: there every test runs
 */
export function describeWithTools(tools: readonly string[], name: string, body: () => void): void {
  const missing = tools.filter((tool) => findTool(tool) === null);
  const reason = missing.length === 0 ? null : `needs ${missing.join(", ")}, not installed`;
  if (reason !== null && inCi) throw new Error(`${name}: ${reason}`);
  describeUnless(reason, name, body);
}

/**
 * Ends the running test: something that it needs is not on this machine.
 *
 * @throws Error under CI=true: there every test runs
 */
export function absent(reason: string): never {
  if (inCi) throw new Error(reason);
  return skipTest(reason);
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
