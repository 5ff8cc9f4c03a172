import { UsageError } from "./usage-error.js";

const SIZE = /^(\d+(?:\.\d+)?)([kMGT]?)$/;
const UNITS: Readonly<Record<string, number>> = { "": 1, k: 1024, M: 1024 ** 2, G: 1024 ** 3, T: 1024 ** 4 };

/**
 * Bytes of "65536", "512k", "64M", "1.5G": units of 1024, as dumpcap and df have them.
 *
 * @throws UsageError if it is no such size, or none at all
 */
export function parseSize(text: string): number {
  const parts = SIZE.exec(text);
  const bytes = parts === null ? 0 : Math.floor(Number(parts[1]) * (UNITS[parts[2] ?? ""] ?? NaN));
  if (bytes > 0) return bytes;
  throw new UsageError(`${JSON.stringify(text)} is no size: write 512k, 64M or 1.5G.`);
}
