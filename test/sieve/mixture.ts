import { arp, ipv6, tcp, udp, type Way } from "../../bench/frames.js";
import { concat } from "../fuzz/bytes.js";
import { Conversation, SERVERS } from "../fuzz/conversation.js";
import type { Shot } from "../fuzz/corpus.js";
import { mutateBytes, mutateShots } from "../fuzz/mutations.js";
import type { Random } from "../fuzz/random.js";
import { writeCapture } from "../fuzz/writing.js";

/** A capture of clients and servers among much else, some of which is theirs as well; in any format, perhaps damaged. */
export function mixture(random: Random): Uint8Array {
  const points = random.pick([1, 1, 1, 2, 3]);
  const talk = new Conversation(random, points).play(random.between(1, 4));
  const senders = talk.map(({ bytes }) => bytes.slice(6, 12));
  const shots = talk.flatMap((shot) => [shot, ...traffic(random, shot, senders, points)]);
  const spoiled = random.oneIn(3) ? mutateShots(random, shots) : shots;
  const file = writeCapture(random, spoiled, points);
  return random.oneIn(6) ? mutateBytes(random, file, file) : file;
}

/** Frames that follow another, mostly within its second. */
function traffic(random: Random, before: Shot, senders: readonly Uint8Array[], points: number): Shot[] {
  if (before.seconds === null) return [];
  const shots: Shot[] = [];
  let nanos = before.nanos;
  for (let count = random.below(40); count > 0; count -= 1) {
    nanos += random.pick([0, 1, 1000, 20_000, 1_000_000, 30_000_000, -5000]);
    if (random.oneIn(300)) nanos += random.pick([-1, 1, 3, 60]) * 1e9;
    const whole = frame(random, senders);
    const bytes = random.oneIn(30) ? whole.slice(0, random.between(1, whole.length)) : whole;
    const seconds = Math.max(0, before.seconds + Math.floor(nanos / 1e9));
    const original = random.oneIn(2) ? bytes.length : whole.length;
    shots.push({ bytes, original, seconds, nanos: ((nanos % 1e9) + 1e9) % 1e9, point: random.below(points) });
  }
  return shots;
}

function frame(random: Random, senders: readonly Uint8Array[]): Uint8Array {
  const way: Way = {
    from: 301 + random.below(20),
    to: 0xff0001,
    source: 0x0a010000 + random.below(300),
    destination: 0xc0a80001,
    vlan: random.oneIn(8) ? 7 : 0,
  };
  const bytes = kind(random, way);
  if (random.oneIn(5)) bytes.set(random.pick(senders), 6);
  if (random.oneIn(12)) bytes[random.below(Math.min(bytes.length, 64))] = random.below(256);
  return bytes;
}

function kind(random: Random, way: Way): Uint8Array {
  const payload = random.bytes(random.below(40));
  const ports = [random.below(65_536), random.pick([53, 443, 66, 69, 67, 4011])] as const;
  switch (random.below(12)) {
    case 0:
      return arp(random.oneIn(2) ? way : { ...way, [random.pick(["source", "destination"])]: random.pick(SERVERS) });
    case 1:
      return ipv6(way, payload);
    case 2:
      return protocol(udp(way, [0x0300 + random.below(3), 0], payload, "absent"), way, 1);
    case 3:
      return protocol(tcp(way, 80, payload), way, random.below(256));
    case 4: {
      const tagged = udp({ ...way, vlan: 100 }, [1024, 53], payload, "absent");
      const outer = Uint8Array.of(random.pick([0x81, 0x88, 0x91]), random.pick([0, 0xa8]), 0, 5);
      return concat([tagged.subarray(0, 12), outer, tagged.subarray(12)]);
    }
    case 5: {
      const fragment = udp(way, [1024, 53], payload, "absent");
      fragment[(way.vlan === 0 ? 14 : 18) + random.pick([6, 7])] = random.pick([0x20, 1, 0x40]);
      return fragment;
    }
    case 6:
    case 7:
    case 8:
      return udp(way, [ports[0], ports[1]], payload, "absent");
    default:
      return tcp(way, ports[0], payload);
  }
}

function protocol(bytes: Uint8Array, { vlan }: Way, number: number): Uint8Array {
  bytes[(vlan === 0 ? 14 : 18) + 9] = number;
  return bytes;
}
