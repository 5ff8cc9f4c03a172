import type { Compression } from "../capture/compression.js";
import type { Damage } from "../capture/sink.js";
import { LogInspector, type LogInspection } from "./inspect.js";
import { lastWritten, readLines } from "./read-lines.js";
import type { ClockZone } from "./stamp.js";

export interface ReadLogOptions {
  /** The year of the first line, for stamps that have none; else the file's time tells it. */
  readonly year?: number | undefined;
  /** By whose clock stamps are that say no zone. */
  readonly zone: ClockZone;
}

export interface LogReading {
  readonly inspection: LogInspection;
  readonly compression: Compression | null;
  /** Why it could not be read whole; null: it was. */
  readonly damage: Damage | null;
}

/**
 * Reads one log and says what it proves.
 *
 * @param path a file, plain or compressed; "-" is standard input
 * @throws EnvironmentError if it cannot be read
 */
export async function readLog(path: string, { year, zone }: ReadLogOptions): Promise<LogReading> {
  let compression: Compression | null = null;
  let damage: Damage | null = null;
  const written = lastWritten(path);
  const inspector = new LogInspector(path, { year: year ?? null, zone, written });
  const lines = readLines(path, (...told) => {
    [compression, damage] = told;
  });
  for await (const line of lines) {
    inspector.line(line);
  }
  return { inspection: inspector.finish(), compression, damage };
}
