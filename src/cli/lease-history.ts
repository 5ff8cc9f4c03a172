import { resolve } from "node:path";
import type { LeaseHistory } from "../lease/lease-history.js";
import { FiledLeases } from "../lease-files/history.js";
import { readLeaseFile } from "../lease-files/read-lease-file.js";

/**
 * What the files of `--leases` tell; undefined: none was named.
 *
 * @param folder where relative paths begin; else the working directory
 * @throws EnvironmentError if a file cannot be read, or is no lease file
 */
export function historyOf(paths: readonly string[], folder?: string): LeaseHistory | undefined {
  if (paths.length === 0) return undefined;
  return new FiledLeases(paths.map((path) => readLeaseFile(folder === undefined ? path : resolve(folder, path))));
}
