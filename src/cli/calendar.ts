import { UsageError } from "./usage-error.js";

/** @throws UsageError */
export function parseYear(text: string): number {
  if (!/^\d{4}$/.test(text)) throw new UsageError(`${JSON.stringify(text)} is no year: write it with four digits.`);
  return Number(text);
}
