import type { Frame } from "../wire/frame.js";
import { NO_OPTIONS } from "../wire/options.js";
import type { Message, Sighting } from "./message.js";

const NOTHING = new Uint8Array(0);

/**
 * Once a message has been tracked, its bytes and its options are not looked at any more. Messages
 * are kept for as long as something may still be said of them, frames are not.
 *
 * @param chaddr the client's hardware address in bytes that are not the frame's
 */
export function letGo(message: Message, chaddr: Uint8Array): void {
  const { sightings } = message;
  message.dhcp = { ...message.dhcp, chaddr, options: NO_OPTIONS };
  sightings.forEach((sighting, index) => {
    sightings[index] = withoutBytes(sighting);
  });
}

function withoutBytes({ point, frameNumber, instant, stamp, checksum, frame }: Sighting): Sighting {
  const { original, link, ip, udp, reassembled } = frame;
  const kept: Frame = { bytes: NOTHING, original, link, ip, udp, dhcp: null, stopped: null, reassembled };
  return { point, frameNumber, instant, stamp, checksum, frame: kept, message: null };
}
