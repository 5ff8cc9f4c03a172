import { safeJsonText } from "../report/safe-text.js";
import { errorStream } from "./standard-error.js";

/** The levels of pino that --log-level takes. */
export const LOG_LEVELS = ["silent", "fatal", "error", "warn", "info", "debug", "trace"] as const;

export type LogLevel = (typeof LOG_LEVELS)[number];

type Fields = Readonly<Record<string, unknown>>;

/** What commands did and how long it took, for whoever looks for a fault in the program; looked up only for him. */
export interface Log {
  info(fields: () => Fields, message: string): void;
  debug(fields: () => Fields, message: string): void;
}

export const SILENT: Log = { info: nothing, debug: nothing };

/** pino on standard error; it takes time to load, so only who asks for a log loads it. */
export async function createLog(level: LogLevel | undefined): Promise<Log> {
  if (level === undefined || level === "silent") return SILENT;
  const { pino } = await import("pino");
  // pino escapes controls below 0x20 only; file names and what guests say may hold others.
  const destination = { write: (line: string) => void errorStream().write(`${safeJsonText(line.trimEnd())}\n`) };
  const logger = pino({ level, base: null, timestamp: pino.stdTimeFunctions.isoTime }, destination);
  return {
    info: (fields, message) => logger.info(fields(), message),
    debug: (fields, message) => logger.debug(fields(), message),
  };
}

function nothing(): void {
  // A log that nobody asked for.
}
