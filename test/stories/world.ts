import type { Clock } from "./clock.js";
import { completed, type Datagram } from "./datagram.js";
import type { Fault } from "./faults/fault.js";
import { createJournal, type Journal, type Leg } from "./journal.js";
import type { Random } from "./prng.js";
import type { Point } from "./types.js";

/** How the guest's card hands frames on: virtio keeps the mark of an unfinished sum, an emulated card never does. */
export type Nic = "virtio" | "emulated";

export interface Station {
  receive(datagram: Datagram): void;
}

export interface Guest extends Station {
  readonly mac: string;
  readonly nic: Nic;
}

export interface World {
  readonly clock: Clock;
  readonly random: Random;
  readonly journal: Journal;
  readonly faults: readonly Fault[];
  readonly guests: Map<string, Guest>;
  readonly servers: ServerStation[];
  nextId(): number;
  /** Puts a message on its way; `answers` is the request that a reply belongs to. */
  send(datagram: Datagram, answers: number | null, server: string | null): void;
}

export interface ServerStation extends Station {
  readonly name: string;
  /** the server is reached through the host's physical card, which finishes sums and adds latency */
  readonly remote: boolean;
}

interface Step {
  leg: Leg;
  point: Point | null;
}

const outward: readonly Step[] = [
  { leg: "guest>tap", point: "tap" },
  { leg: "tap>bridge", point: "bridge" },
  { leg: "bridge>server", point: null },
];
const inward: readonly Step[] = [
  { leg: "server>bridge", point: "bridge" },
  { leg: "bridge>tap", point: "tap" },
  { leg: "tap>guest", point: "guest" },
];

export function createWorld(clock: Clock, random: Random, faults: readonly Fault[]): World {
  const journal = createJournal();
  const guests = new Map<string, Guest>();
  const servers: ServerStation[] = [];
  let ids = 0;

  /** What cards do to an unfinished sum where the device has to send plain frames. */
  const throughDevice = (datagram: Datagram, leg: Leg, remote: boolean): Datagram => {
    const emulated = guests.get(datagram.client)?.nic === "emulated";
    if (emulated && (leg === "guest>tap" || leg === "bridge>tap")) return completed(datagram);
    if (remote && leg === "bridge>server") return completed(datagram);
    return datagram;
  };

  const latency = (leg: Leg, remote: boolean): number => {
    const wire = remote && (leg === "bridge>server" || leg === "server>bridge");
    return wire ? random.between(100e-6, 3e-3) : random.between(15e-6, 90e-6);
  };

  const travel = (
    datagram: Datagram,
    steps: readonly Step[],
    remote: boolean,
    arrived: (last: Datagram) => void,
  ): void => {
    const log = journal.messages.get(datagram.id);
    const [step, ...rest] = steps;
    if (log === undefined) return;
    if (step === undefined) {
      arrived(datagram);
      return;
    }
    let current: Datagram | null = throughDevice(datagram, step.leg, remote);
    for (const fault of faults) {
      if (current !== null && fault.onLeg !== undefined) current = fault.onLeg(current, step.leg, clock.now());
    }
    const survivor = current;
    if (survivor === null) {
      log.droppedOn = step.leg;
      if (datagram.direction === "request" && log.handling === "under-way") log.handling = "dropped";
      return;
    }
    log.last = survivor;
    clock.after(latency(step.leg, remote), () => {
      if (step.point !== null) log.sightings.push({ point: step.point, time: clock.now(), datagram: survivor });
      travel(survivor, rest, remote, arrived);
    });
  };

  const send = (datagram: Datagram, answers: number | null, server: string | null): void => {
    const request = datagram.direction === "request";
    journal.messages.set(datagram.id, {
      id: datagram.id,
      client: datagram.client,
      sent: clock.now(),
      last: datagram,
      sightings: [],
      droppedOn: null,
      answers,
      server,
      reply: null,
      handling: request ? "under-way" : null,
    });
    if (!request) {
      const remote = servers.some((station) => station.name === server && station.remote);
      travel(datagram, inward, remote, (last) => guests.get(last.client)?.receive(last));
      return;
    }
    const log = journal.messages.get(datagram.id);
    log?.sightings.push({ point: "guest", time: clock.now(), datagram });
    const remote = servers.every((station) => station.remote);
    travel(datagram, outward, remote, (last) => {
      for (const station of servers) station.receive(last);
    });
  };

  return { clock, random, journal, faults, guests, servers, nextId: () => ++ids, send };
}
