import { verdictOf, partialChecksum } from "./datagram.js";
import { ethernet, frameOf } from "./frames.js";
import type { Journal, MessageLog, SideFrame, Sighting } from "./journal.js";
import type { FrameTruth, MessageName, StoryFrame, SumVerdict } from "./types.js";
import { passes, type Vantage } from "./vantage.js";

/** One frame as the capture has it, with the message it carries. */
export interface Seen {
  frame: StoryFrame;
  time: number;
  message: MessageLog | null;
  sighting: Sighting | null;
  side: SideFrame | null;
  truth: FrameTruth;
}

export interface View {
  vantage: Vantage;
  from: number;
  to: number;
  seen: Seen[];
  /** by message: its sightings in view, in time order */
  sightings: Map<number, Sighting[]>;
  /** by message: index of its first frame */
  frames: Map<number, number>;
  /** messages quoted by ICMP errors in view */
  quoted: Set<number>;
  /** times at which ordinary frames of a client are in view */
  alive: Map<string, number[]>;
}

function sumIn(sighting: Sighting, snapped: boolean): SumVerdict {
  const verdict = verdictOf(sighting.datagram);
  return snapped && verdict !== "absent" ? "unverified" : verdict;
}

/** Whether the stored sum equals that of the pseudo-header, which a snapped frame still shows. */
export function looksPartial(sighting: Sighting): boolean {
  return sighting.datagram.checksum === partialChecksum(sighting.datagram);
}

/** Cuts out of all that happened what a capture at one place and in one stretch of time contains. */
export function look(
  journal: Journal,
  vantage: Vantage,
  from: number,
  to: number,
  epoch: number,
  patient: string,
): View {
  const raw: {
    time: number;
    point: number;
    bytes: Uint8Array;
    message: MessageLog | null;
    sighting: Sighting | null;
    side: SideFrame | null;
  }[] = [];
  const within = (time: number): boolean => time >= from && time <= to;
  const placeOf = (point: string): number => vantage.points.findIndex((place) => place.point === point);

  for (const message of journal.messages.values()) {
    for (const sighting of message.sightings) {
      const point = placeOf(sighting.point);
      const { destination } = sighting.datagram;
      if (
        point < 0 ||
        !within(sighting.time) ||
        !passes(vantage, sighting.point, message.client, patient, destination.mac)
      ) {
        continue;
      }
      raw.push({
        time: sighting.time,
        point,
        bytes: frameOf(sighting.datagram, vantage.vlan),
        message,
        sighting,
        side: null,
      });
    }
  }
  for (const side of journal.side) {
    vantage.points.forEach((place, point) => {
      const time = side.time + (place.point === "bridge" ? 0 : 25e-6);
      if (!within(time) || !passes(vantage, place.point, side.client, patient, side.destination)) return;
      const bytes = ethernet(side.destination, side.source, side.etherType, side.payload, vantage.vlan);
      raw.push({ time, point, bytes, message: null, sighting: null, side });
    });
  }
  raw.sort((one, other) => one.time - other.time || one.point - other.point);

  const view: View = {
    vantage,
    from,
    to,
    seen: [],
    sightings: new Map(),
    frames: new Map(),
    quoted: new Set(),
    alive: new Map(),
  };
  raw.forEach(({ time, point, bytes, message, sighting, side }, index) => {
    const micros = Math.round((epoch + time) * 1e6);
    const snapped = vantage.snaplen > 0 && bytes.length > vantage.snaplen;
    const frame: StoryFrame = {
      interface: point,
      seconds: Math.floor(micros / 1e6),
      nanos: (micros % 1e6) * 1000,
      bytes: snapped ? bytes.slice(0, vantage.snaplen) : bytes,
      original: bytes.length,
    };
    const kind: FrameTruth["kind"] = sighting !== null ? nameOf(sighting) : (side?.kind ?? "ip");
    const client = message?.client ?? side?.client ?? null;
    const checksum = sighting === null ? null : sumIn(sighting, snapped);
    view.seen.push({ frame, time, message, sighting, side, truth: { kind, client, checksum, reply: null } });
    if (message !== null && sighting !== null) {
      const known = view.sightings.get(message.id);
      if (known === undefined) view.sightings.set(message.id, [sighting]);
      else known.push(sighting);
      if (!view.frames.has(message.id)) view.frames.set(message.id, index);
    }
    if (side !== null) {
      if (side.quotes !== null) view.quoted.add(side.quotes);
      const signs = view.alive.get(side.client);
      if (side.source !== side.client) return;
      if (signs === undefined) view.alive.set(side.client, [time]);
      else signs.push(time);
    }
  });
  return view;
}

function nameOf(sighting: Sighting): MessageName {
  return sighting.datagram.name;
}
