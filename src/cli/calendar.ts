import { namedZone, type Zone } from "../report/zone.js";
import { UsageError } from "./usage-error.js";

/** @throws UsageError */
export function parseZone(name: string): Zone {
  const zone = namedZone(name);
  if (zone !== null) return zone;
  throw new UsageError(`${JSON.stringify(name)} is no time zone: write one as Europe/Berlin, or an offset as +01:00.`);
}

/** @throws UsageError */
export function parseYear(text: string): number {
  if (!/^\d{4}$/.test(text)) throw new UsageError(`${JSON.stringify(text)} is no year: write it with four digits.`);
  return Number(text);
}
