import type { Instant } from "../capture/instant.js";
import type { CaptureInterface } from "../capture/sink.js";
import type { OwnStamps } from "../clocks/own-clock.js";
import type { Checksum, Verdict } from "../checksum/checksum.js";
import type { Lease } from "../lease/cycle.js";
import type { Sighting } from "../lease/message.js";
import type { Observed } from "../lease/observed.js";
import type { Server, ServerSilence } from "../lease/servers.js";
import type { Diagnosis } from "./diagnose.js";
import type { Finding } from "./finding.js";
import type { HostLoad } from "./host-load.js";

/** What one input held. */
export interface InputFacts {
  readonly name: string;
  readonly interfaces: readonly CaptureInterface[];
  frames: number;
  dhcp: number;
  /** DHCP frames without a time: no lease can be followed by them. */
  untimed: number;
  first: Instant | null;
  last: Instant | null;
  observedUntil: Instant | null;
  /** What its own clock shows; null: times are told by it, or by one that agrees. */
  readonly own: OwnStamps | null;
  /** Frames of link layers that are not read, by LINKTYPE_ number. */
  readonly skippedLinks: ReadonlyMap<number, number>;
}

/** A DHCP frame as it was met; `time` is null where the capture keeps none. */
export interface FrameFacts {
  readonly sighting: Sighting;
  readonly timed: boolean;
  readonly ipChecksum: Checksum | null;
}

/** All that was found out. */
export interface Inspection {
  readonly inputs: readonly InputFacts[];
  readonly frames: readonly FrameFacts[];
  readonly leases: readonly Lease[];
  /** One for each cycle that was kept, in order of time. */
  readonly diagnoses: readonly Diagnosis[];
  /** Cycles in which nothing was lost and that were not kept. */
  readonly healthy: { readonly renewals: number; readonly acquisitions: number };
  readonly servers: readonly { readonly server: Server; readonly silences: readonly ServerSilence[] }[];
  readonly findings: readonly Finding[];
  readonly clients: number;
  /** When anybody was watching, and how well. */
  readonly observed?: Observed | undefined;
  /** What the host that captured was doing, where the capture says so. */
  readonly load: HostLoad;
  readonly checksums: { readonly udp: Record<Verdict, number>; readonly ip: Record<Verdict, number> };
}
