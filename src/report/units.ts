import { formatInstant, type Instant } from "../capture/instant.js";
import type { Checksum } from "../checksum/checksum.js";
import type { FrameRef, Sighting } from "../lease/message.js";
import { formatIpv4 } from "../wire/addresses.js";
import type * as Events from "./events.js";

/** How values of the stages before look in records. */

export function hex16(value: number): string {
  return `0x${value.toString(16).padStart(4, "0")}`;
}

export function hex32(value: number): string {
  return `0x${value.toString(16).padStart(8, "0")}`;
}

export function checksumRecord(checksum: Checksum): Events.Checksum {
  return {
    verdict: checksum.verdict,
    stored: checksum.stored === null ? null : hex16(checksum.stored),
    expected: checksum.expected === null ? null : hex16(checksum.expected),
    pattern: checksum.pattern,
  };
}

export function refOf({ point, frameNumber }: FrameRef): Events.Ref {
  return { input: point.input, frame: frameNumber };
}

export function sightingRecord(sighting: Sighting): Events.Sighting {
  return {
    ref: refOf(sighting),
    interface: sighting.point.interface,
    time: formatInstant(sighting.stamp),
    checksum: checksumRecord(sighting.checksum),
  };
}

export function timeOrNull(instant: Instant | null): string | null {
  return instant === null ? null : formatInstant(instant);
}

/** null for 0.0.0.0, which says that there is none. */
export function addressOrNull(address: number | null): string | null {
  return address === null || address === 0 ? null : formatIpv4(address);
}

/** Seconds with the noise of binary fractions cut off. */
export function seconds(value: number): number {
  return Math.round(value * 1e9) / 1e9;
}

export function vlanList(vlan: string): number[] {
  return vlan === "" ? [] : vlan.split(".").map(Number);
}
