import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { inject } from "vitest";

/**
 * What a command line prints on standard output.
 *
 * @param command for bash; `leasetap` is the built program, `$1` the first of `args`
 */
export async function shell(command: string, ...args: string[]): Promise<string> {
  const script = `leasetap() { "$NODE" "$PROGRAM" "$@"; }; ${command}`;
  const env = { ...process.env, NODE: process.execPath, PROGRAM: inject("program") };
  const { stdout } = await promisify(execFile)("bash", ["-c", script, "bash", ...args], { env });
  return stdout;
}
