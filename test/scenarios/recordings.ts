import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { analyze } from "../../src/analyze.js";
import type { Finding, Frame, LeasetapRecord, Renewal } from "../../src/report/events.js";
import { EVERYTHING } from "../../src/report/filter.js";
import { records } from "../../src/report/json.js";
import { isJson } from "../support/program.js";

/** What truth.json says of a whole recording. */
export interface Truth {
  readonly scenario: string;
  readonly cause: string;
  /** Hardware addresses; null: truth.json names none, so it is whoever is in the recording. */
  readonly affected: readonly string[] | null;
  readonly lostAddress: boolean;
  readonly captures: readonly string[];
}

/** The DHCPv4 recordings that were played by real programs. */
export function truths(shared: string): Truth[] {
  const folder = join(shared, "scenarios");
  return readdirSync(folder).flatMap((scenario) => {
    const path = join(folder, scenario, "truth.json");
    if (!existsSync(path)) return [];
    const truth: unknown = JSON.parse(readFileSync(path, "utf8"));
    if (!isJson(truth) || truth["synthetic"] === true || scenario.includes("dhcpv6")) return [];
    const { cause, lost_address: lost, affected_clients: affected, frames } = truth;
    return [
      {
        scenario,
        cause: String(cause),
        affected: Array.isArray(affected) ? affected.map(String) : null,
        lostAddress: lost === true,
        captures: isJson(frames) ? Object.keys(frames) : [],
      },
    ];
  });
}

/** Everything that `--json --frames` would print. */
export async function told(...paths: string[]): Promise<LeasetapRecord[]> {
  const found = await analyze(paths, { keepFrames: true, keepHealthy: true });
  return [...records(found, EVERYTHING, true)];
}

export function framesOf(all: readonly LeasetapRecord[]): Frame[] {
  return all.filter((record) => record.type === "frame");
}

export function renewalsOf(all: readonly LeasetapRecord[]): Renewal[] {
  return all.filter((record) => record.type === "renewal");
}

/** Findings that wake somebody. */
export function alarmsOf(all: readonly LeasetapRecord[]): Finding[] {
  return all.filter((record) => record.type === "finding").filter(({ severity }) => severity !== "note");
}
