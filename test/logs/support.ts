import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { LogInspector, type LogInspection } from "../../src/logs/inspect.js";
import { UTC } from "../../src/report/zone.js";
import type { StampOptions } from "../../src/logs/stamp.js";

/** 2026-11-23 12:00 UTC. */
export const WRITTEN = Date.UTC(2026, 10, 23, 12) / 1000;

export const STAMPS: StampOptions = { year: null, zone: UTC, written: WRITTEN };

/** What a log comes to, given as its text. */
export function inspectText(text: string, stamps: StampOptions = STAMPS): LogInspection {
  const inspector = new LogInspector("test.log", stamps);
  text
    .replace(/\n$/, "")
    .split("\n")
    .forEach((line) => inspector.line(line));
  return inspector.finish();
}

export function recordedText(name: string): string {
  return readFileSync(fileURLToPath(new URL(`recorded/${name}`, import.meta.url)), "utf8");
}

/** Code, severity and hardware address of each finding. */
export function shortly({ findings }: LogInspection): string[] {
  return findings.map(({ severity, code, who }) => `${severity} ${code} ${who.hardware ?? "-"}`);
}
