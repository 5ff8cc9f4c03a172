import { readFileSync, statSync } from "node:fs";
import { EnvironmentError, inputError, inputName } from "../capture/errors.js";
import type { LeaseFile } from "./known-lease.js";
import { leasesOf } from "./recognise.js";

/** A server with a million leases has a file of this size. */
const MOST_BYTES = 512 * 1024 * 1024;

/**
 * Reads a lease file of dhclient, dhcpd, dnsmasq, Kea, systemd-networkd, dhcpcd or udhcpd.
 *
 * @throws EnvironmentError if it cannot be read, or is none of these
 */
export function readLeaseFile(path: string): LeaseFile {
  let bytes: Uint8Array;
  let written: number;
  try {
    const stats = statSync(path);
    if (stats.isDirectory()) {
      throw new EnvironmentError("EISDIR", `${inputName(path)} is a directory: name the lease file in it.`);
    }
    if (stats.size > MOST_BYTES) {
      throw new EnvironmentError("EFBIG", `${inputName(path)} is larger than any lease file.`);
    }
    written = stats.mtimeMs / 1000;
    bytes = readFileSync(path);
  } catch (error) {
    throw inputError(error, path);
  }
  const found = leasesOf(bytes, written);
  if (found !== null) return { path, ...found };
  throw new EnvironmentError(
    "EINVAL",
    `${inputName(path)} is no lease file of dhclient, dhcpd, dnsmasq, Kea, systemd-networkd, dhcpcd or udhcpd.`,
  );
}
