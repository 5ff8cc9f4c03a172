import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";

/** A program and its arguments. */
export type Command = readonly [program: string, ...words: string[]];

const TIME = "/usr/bin/time";
/** What leasetap ends with where it could do its work. */
const FINE = [0, 1];

/**
 * Runs a program to its end. Returns how long that took, in milliseconds.
 *
 * @throws Error if it fails
 */
export function timed([program, ...words]: Command): number {
  const started = performance.now();
  const { status, error, stderr } = spawnSync(program, words, { stdio: ["ignore", "ignore", "pipe"] });
  const took = performance.now() - started;
  if (error !== undefined) throw error;
  if (!FINE.includes(status ?? -1)) throw new Error(`${program} ended with ${status}: ${stderr.toString()}`);
  return took;
}

/** Runs the programs in turn, so that what else the machine does meets all of them. One row a program. */
export function alternately(commands: readonly Command[], rounds: number): number[][] {
  const times: number[][] = commands.map(() => []);
  for (let round = 0; round < rounds; round += 1) {
    commands.forEach((command, index) => times[index]?.push(timed(command)));
  }
  return times;
}

/** The most memory that it had at a time, in megabytes; null where GNU time is not installed. */
export function peakMemory(command: Command): number | null {
  const kilobytes = used("%M", command);
  return kilobytes === null ? null : kilobytes / 1024;
}

/** Pages of memory that it used for the first time; null where GNU time is not installed. */
export function freshPages(command: Command): number | null {
  return used("%R", command);
}

/** @param what the resource, as GNU time's -f has it */
function used(what: string, [program, ...words]: Command): number | null {
  if (!existsSync(TIME)) return null;
  const { stderr } = spawnSync(TIME, ["-f", what, program, ...words], { stdio: ["ignore", "ignore", "pipe"] });
  const amount = Number(stderr.toString().trim().split("\n").at(-1));
  return Number.isFinite(amount) ? amount : null;
}

/** What it prints. @throws Error if it fails */
export function output([program, ...words]: Command): Buffer {
  const { status, error, stdout, stderr } = spawnSync(program, words, { maxBuffer: 2 ** 30 });
  if (error !== undefined) throw error;
  if (!FINE.includes(status ?? -1)) throw new Error(`${program} ended with ${status}: ${stderr.toString()}`);
  return stdout;
}
