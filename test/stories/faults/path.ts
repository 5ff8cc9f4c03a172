import type { Datagram } from "../datagram.js";
import { broadcastIp } from "../frames.js";
import type { Leg } from "../journal.js";
import type { FaultMaker } from "./fault.js";

type Condition = (datagram: Datagram, now: number) => boolean;

function drops(name: string, leg: Leg, when: Condition): ReturnType<FaultMaker> {
  return { name, onLeg: (datagram, at, now) => (at === leg && when(datagram, now) ? null : datagram) };
}

const request = (datagram: Datagram): boolean => datagram.direction === "request";

/** Something between host and server eats the unicast requests of this guest, broadcasts pass. */
export const unicastBlocked: FaultMaker = ({ from, patient }) =>
  drops(
    "unicast-blocked",
    "bridge>server",
    (datagram, now) =>
      now >= from && request(datagram) && datagram.client === patient && datagram.destination.ip !== broadcastIp,
  );

/** No request of this guest gets further than the bridge. */
export const requestsDropped: FaultMaker = ({ from, patient }) =>
  drops(
    "requests-dropped",
    "bridge>server",
    (datagram, now) => now >= from && request(datagram) && datagram.client === patient,
  );

/** A filter on the host eats requests between the guest's tap and the bridge. */
export const requestsDroppedBetween: FaultMaker = ({ from, patient }) =>
  drops(
    "requests-dropped-between",
    "tap>bridge",
    (datagram, now) => now >= from && request(datagram) && datagram.client === patient,
  );

export const repliesDroppedBefore: FaultMaker = ({ from, patient }) =>
  drops(
    "replies-dropped-before",
    "server>bridge",
    (datagram, now) => now >= from && !request(datagram) && datagram.client === patient,
  );

export const repliesDroppedBetween: FaultMaker = ({ from, patient }) =>
  drops(
    "replies-dropped-between",
    "bridge>tap",
    (datagram, now) => now >= from && !request(datagram) && datagram.client === patient,
  );

export const repliesDroppedBeyond: FaultMaker = ({ from, patient }) =>
  drops(
    "replies-dropped-beyond",
    "tap>guest",
    (datagram, now) => now >= from && !request(datagram) && datagram.client === patient,
  );

/** One request is lost before the bridge's far side, once. */
export const oneRequestLost: FaultMaker = ({ from, patient }) => {
  let done = false;
  return drops("one-request-lost", "bridge>server", (datagram, now) => {
    if (done || now < from || !request(datagram) || datagram.client !== patient || datagram.name !== "REQUEST") {
      return false;
    }
    done = true;
    return true;
  });
};

/** One reply is lost behind the capture, once. */
export const oneReplyLost: FaultMaker = ({ from, patient }) => {
  let done = false;
  return drops("one-reply-lost", "tap>guest", (datagram, now) => {
    if (done || now < from || request(datagram) || datagram.client !== patient) return false;
    done = true;
    return true;
  });
};
