import type { Instant } from "./capture/instant.js";
import type { OwnStamps } from "./clocks/own-clock.js";
import type { Pressure } from "./findings/host-load.js";
import type { FrameFacts } from "./findings/inspection.js";
import type { ArpEvent } from "./lease/arp.js";
import type { ClockStepEvent } from "./lease/clock-step.js";
import type { Point, Sighting } from "./lease/message.js";
import type { UnreachableEvent } from "./lease/unreachables.js";
import type { Gap } from "./lease/coverage.js";
import type { Watching } from "./lease/watched-points.js";
import type { SeenServers } from "./seen-servers.js";
import type { ForetoldWatches, WatchedInterface } from "./watches.js";
import type { LinkLayer } from "./wire/link-layer.js";

/** What belongs between the messages. */
export type SideEvent = UnreachableEvent | ArpEvent | ClockStepEvent;
/** What is told in order of time. */
export type Item = Sighting | SideEvent;

/** What is known of an input beside its frames. */
export interface InputSetting {
  /** What its own clock shows, where times are told by another's and frames come with these; null: it is that clock. */
  readonly own: OwnStamps | null;
  /** What its capture point is called; null: as the capture says. */
  readonly point: string | null;
  /** What is known before it is read of how its interfaces were watched, by their numbers. */
  readonly foretold: readonly ForetoldWatches[];
}

/** What an input tells the inspector, and asks it. */
export interface InputHost extends InputSetting {
  readonly servers: SeenServers;
  /** A number for a new capture point, which is one of the interface that is watched so. */
  nextPoint(watching: Watching): number;
  /** A gap in the watch of an interface has begun, or has ended. */
  gap(gap: Gap, watched: WatchedInterface): void;
  dhcp(facts: FrameFacts): void;
  /** See HostLoad.sample. */
  pressure(time: number, totals: Pressure): void;
  /** Much waits for its time; to be passed on as far as that has come. */
  settle(): void;
}

/** Where and when a DHCP frame was seen. */
export interface Circumstances {
  readonly layer: LinkLayer;
  readonly point: Point;
  readonly frameNumber: number;
  readonly instant: Instant;
  /** The same by the clock of its input. */
  readonly stamp: Instant;
  readonly timed: boolean;
}
