import type { Verdict } from "../checksum/checksum.js";
import type { Message, Sighting } from "../lease/message.js";
import type { Frame } from "../wire/frame.js";

/** From one capture point to the next one on the way of a message, both of which saw it. */
export interface Leg {
  readonly from: Sighting;
  readonly to: Sighting;
}

/** Where a partial checksum was completed; null: nowhere in view. A relay's datagram is another one, with its own sum. */
export function filledOnTheWay(message: Message): Leg | null {
  const leg = legFrom(message, "partial", "good");
  return leg !== null && isOneDatagram(leg.from.frame, leg.to.frame) ? leg : null;
}

function isOneDatagram(one: Frame, other: Frame): boolean {
  return (
    one.ip?.src === other.ip?.src &&
    one.ip?.dst === other.ip?.dst &&
    one.udp?.src === other.udp?.src &&
    one.udp?.dst === other.udp?.dst
  );
}

/** Where a right checksum, or the bytes that it covers, went wrong; null: nowhere in view. */
export function spoiledOnTheWay(message: Message): Leg | null {
  return legFrom(message, "good", "bad") ?? legFrom(message, "partial", "bad");
}

function legFrom({ sightings }: Message, before: Verdict, after: Verdict): Leg | null {
  for (let index = 1; index < sightings.length; index += 1) {
    const from = sightings[index - 1];
    const to = sightings[index];
    if (from?.checksum.verdict === before && to?.checksum.verdict === after && from.point.id !== to.point.id) {
      return { from, to };
    }
  }
  return null;
}
