import { completed, damaged, headerOnly, type Datagram } from "../datagram.js";
import type { FaultMaker } from "./fault.js";

function repliesTo(patient: string, datagram: Datagram): boolean {
  return datagram.direction === "reply" && datagram.client === patient;
}

/** From some moment on the mark of unfinished sums gets lost on the last stretch; the bytes stay as they are. */
export const markLost: FaultMaker = ({ from, patient }) => ({
  name: "mark-lost",
  onLeg: (datagram, leg, now) =>
    now >= from && leg === "tap>guest" && repliesTo(patient, datagram) ? { ...datagram, unfinished: false } : datagram,
});

/** The same, until somebody fills sums at the server (CHECKSUM --checksum-fill), well after the lease was lost. */
export const markLostMended: FaultMaker = ({ from, patient, lease }) => ({
  name: "mark-lost-mended",
  onLeg(datagram, leg, now) {
    if (now < from || !repliesTo(patient, datagram)) return datagram;
    if (leg === "server>bridge" && now >= from + lease * 1.25) return completed(datagram);
    return leg === "tap>guest" ? { ...datagram, unfinished: false } : datagram;
  },
});

/** The same, but mended between T2 and expiry: the lease is saved. */
export const markLostSaved: FaultMaker = ({ from, patient, t2 }) => ({
  name: "mark-lost-saved",
  onLeg(datagram, leg, now) {
    if (now < from || !repliesTo(patient, datagram)) return datagram;
    if (leg === "server>bridge" && now >= from + t2 * 0.96) return completed(datagram);
    return leg === "tap>guest" ? { ...datagram, unfinished: false } : datagram;
  },
});

/** A bit of the payload turns over somewhere before the host's bridge. */
export const damagedBefore: FaultMaker = ({ from, patient, random }) => {
  const byte = 12 + random.below(4);
  const bit = random.below(8);
  return {
    name: "bit-flip-before",
    onLeg: (datagram, leg, now) =>
      now >= from && leg === "server>bridge" && repliesTo(patient, datagram)
        ? damaged(completed(datagram), byte, bit)
        : datagram,
  };
};

/** A bit turns over between the bridge and the guest's tap: bytes outside the fields that identify the message. */
export const damagedBetween: FaultMaker = ({ from, patient, random }) => {
  const byte = 44 + random.below(60); // in sname: nobody's key
  return {
    name: "bit-flip-between",
    onLeg: (datagram, leg, now) =>
      now >= from && leg === "bridge>tap" && repliesTo(patient, datagram)
        ? damaged(completed(datagram), byte, 3)
        : datagram,
  };
};

/** nftables sets the field to 0 while the kernel still believes it unfinished. */
export const zeroed: FaultMaker = ({ from }) => ({
  name: "nft-zero",
  onLeg: (datagram, leg, now) =>
    now >= from && leg === "server>bridge" && datagram.direction === "reply" && datagram.unfinished
      ? { ...datagram, checksum: 0 }
      : datagram,
});

/** QEMU 9.2.0 without vhost: the device model's own repair sums the headers alone. */
export const qemuHeaderOnly: FaultMaker = ({ from, patient }) => ({
  name: "qemu-header-only",
  onLeg: (datagram, leg, now) =>
    now >= from && leg === "tap>guest" && repliesTo(patient, datagram) && datagram.unfinished
      ? headerOnly(datagram)
      : datagram,
});

/** What the guest's kernel leaves unfinished arrives at the server without the mark. */
export const requestMarkLost: FaultMaker = ({ from, patient }) => ({
  name: "request-mark-lost",
  onLeg: (datagram, leg, now) =>
    now >= from && leg === "guest>tap" && datagram.direction === "request" && datagram.client === patient
      ? { ...datagram, unfinished: false }
      : datagram,
});

/** Requests are damaged inside the guest's card. */
export const requestDamaged: FaultMaker = ({ from, patient }) => ({
  name: "request-bit-flip",
  onLeg: (datagram, leg, now) =>
    now >= from && leg === "guest>tap" && datagram.direction === "request" && datagram.client === patient
      ? damaged(completed(datagram), 50, 2)
      : datagram,
});
