import { spawn, type ChildProcessWithoutNullStreams } from "node:child_process";
import { fileURLToPath } from "node:url";
import { inject } from "vitest";
import { validateRecord } from "./validate.js";

export const pcaps = fileURLToPath(new URL("../../pcaps/", import.meta.url));

export interface Ended {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface Surroundings {
  readonly input?: Uint8Array;
  readonly env?: Readonly<Record<string, string>>;
  readonly cwd?: string;
}

/** Starts the built program; its standard input stays open until the caller ends it. */
export function start(args: readonly string[], { env, cwd }: Surroundings = {}): ChildProcessWithoutNullStreams {
  const plain = { PATH: process.env["PATH"], HOME: process.env["HOME"], LANG: "C.UTF-8", TZ: "UTC" };
  return spawn(process.execPath, [inject("program"), ...args], { cwd, env: { ...plain, ...env } });
}

export function ended(child: ChildProcessWithoutNullStreams): Promise<Ended> {
  const stdout: Buffer[] = [];
  const stderr: Buffer[] = [];
  child.stdout.on("data", (chunk: Buffer) => stdout.push(chunk));
  child.stderr.on("data", (chunk: Buffer) => stderr.push(chunk));
  return new Promise((settle, refuse) => {
    child.on("error", refuse);
    child.on("close", (code, signal) => {
      settle({ code, signal, stdout: Buffer.concat(stdout).toString(), stderr: Buffer.concat(stderr).toString() });
    });
  });
}

/** Runs the built program to its end. */
export function leasetap(args: readonly string[], surroundings: Surroundings = {}): Promise<Ended> {
  const child = start(args, surroundings);
  child.stdin.on("error", () => undefined);
  child.stdin.end(surroundings.input);
  return ended(child);
}

export type Json = Readonly<Record<string, unknown>>;

/**
 * The records of `--json`.
 *
 * @throws Error if one is not as docs/events.schema.json has it
 */
export function recordsOf(stdout: string): Json[] {
  const lines = stdout.split("\n");
  if (lines.pop() !== "") throw new Error("the last line does not end");
  return lines.map((line) => {
    const record: unknown = JSON.parse(line);
    const faults = validateRecord(record);
    if (faults.length > 0) throw new Error(`${faults.join("; ")} in ${line.slice(0, 200)}`);
    if (!isJson(record)) throw new Error("no object");
    return record;
  });
}

export function isJson(value: unknown): value is Json {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
