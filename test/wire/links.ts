import { u16, u32, zeros } from "./packets.js";

/** An Ethernet frame in parts, to be sent over other link layers. */
export interface Parts {
  readonly dst: readonly number[];
  readonly src: readonly number[];
  /** TPID and tag control information, outermost first. */
  readonly tags: readonly (readonly [number, number])[];
  readonly etherType: number;
  readonly payload: readonly number[];
}

/** How frames of one link layer are built; by their specifications, not with the help of what reads them. */
export interface Link {
  readonly name: string;
  readonly linkType: number;
  /** Hardware addresses that its frames show. */
  readonly shows: { readonly src: boolean; readonly dst: boolean };
  readonly tagged: boolean;
  /** Null: this link layer cannot carry it. */
  readonly build: (parts: Parts) => readonly number[] | null;
}

export function partsOf(frame: Uint8Array): Parts {
  const octets = [...frame];
  const tags: [number, number][] = [];
  let at = 12;
  const word = (offset: number): number => (octets[offset] ?? 0) * 256 + (octets[offset + 1] ?? 0);
  while ([0x8100, 0x88a8].includes(word(at))) {
    tags.push([word(at), word(at + 2)]);
    at += 4;
  }
  return {
    dst: octets.slice(0, 6),
    src: octets.slice(6, 12),
    tags,
    etherType: word(at),
    payload: octets.slice(at + 2),
  };
}

/** The frame on that link; a frame that it cannot carry becomes an empty IPv6 datagram, so that numbers stay. */
export function wrap(link: Link, frame: Uint8Array): Uint8Array {
  const parts = partsOf(frame);
  const nothing = { ...parts, tags: [], etherType: 0x86dd, payload: [0x60, ...zeros(5), 59, 64, ...zeros(32)] };
  return Uint8Array.from(link.build(parts) ?? link.build(nothing) ?? []);
}

const isIp = (etherType: number): boolean => etherType === 0x0800 || etherType === 0x86dd;
const isGroup = (address: readonly number[]): boolean => ((address[0] ?? 0) & 1) === 1;
const isBroadcast = (address: readonly number[]): boolean => address.every((octet) => octet === 0xff);

/** From the protocol field on: TPIDs, tags and EtherType, without the first two octets if `outer` stands elsewhere. */
function tagged({ tags, etherType }: Parts): number[] {
  return [...tags.flatMap(([tpid, control]) => [...u16(tpid), ...u16(control)]), ...u16(etherType)];
}

function packetType(dst: readonly number[]): number {
  if (isBroadcast(dst)) return 1;
  return isGroup(dst) ? 2 : 3;
}

const NO_ADDRESSES = { src: false, dst: false };
const SOURCE = { src: true, dst: false };
const BOTH = { src: true, dst: true };

/** Without link header. */
function rawIp(name: string, linkType: number, only: number | null): Link {
  const build = ({ etherType, payload }: Parts): readonly number[] | null =>
    isIp(etherType) && (only === null || only === etherType || etherType === 0x86dd) ? payload : null;
  return { name, linkType, shows: NO_ADDRESSES, tagged: false, build };
}

function loopback(name: string, linkType: number, order: (family: number) => number[], inet6: number): Link {
  return {
    name,
    linkType,
    shows: NO_ADDRESSES,
    tagged: false,
    build: ({ etherType, payload }) =>
      isIp(etherType) ? [...order(etherType === 0x0800 ? 2 : inet6), ...payload] : null,
  };
}

function ppp(name: string, linkType: number, framing: readonly number[], octets: number): Link {
  return {
    name,
    linkType,
    shows: NO_ADDRESSES,
    tagged: false,
    build: ({ etherType, payload }) => {
      if (!isIp(etherType)) return null;
      const protocol = etherType === 0x0800 ? 0x21 : 0x57;
      return [...framing, ...u16(protocol).slice(2 - octets), ...payload];
    },
  };
}

interface Wlan {
  /** To DS 1, from DS 2. */
  readonly ds: 0 | 1 | 2 | 3;
  readonly qos?: boolean;
  readonly htc?: boolean;
  readonly fcs?: boolean;
  /** Octets before the LLC header, as some drivers leave them. */
  readonly pad?: boolean;
  /** The radiotap header. */
  readonly radiotap?: readonly number[];
}

const ACCESS_POINT = [2, 0, 0, 0, 0, 0xaa];
const STATION = [2, 0, 0, 0, 0, 0xbb];

function wlan(name: string, { ds, qos = false, htc = false, fcs = false, pad = false, radiotap = [] }: Wlan): Link {
  return {
    name,
    linkType: radiotap.length > 0 ? 127 : 105,
    shows: BOTH,
    tagged: true,
    build: (parts) => {
      const { src, dst } = parts;
      // IEEE 802.11-2016 table 9-26.
      const addresses = [
        [dst, src, ACCESS_POINT, []],
        [ACCESS_POINT, src, dst, []],
        [dst, ACCESS_POINT, src, []],
        [STATION, ACCESS_POINT, dst, src],
      ][ds];
      const [one = [], two = [], three = [], four = []] = addresses ?? [];
      const header = [
        ...[qos ? 0x88 : 0x08, ds + (htc ? 0x80 : 0)],
        ...[0, 0, ...one, ...two, ...three, 0x10, 0x01, ...four],
        ...(qos ? [0, 0] : []),
        ...(htc ? [3, 0, 0, 0] : []),
      ];
      const padding = pad ? zeros((4 - (header.length % 4)) % 4) : [];
      const llc = [0xaa, 0xaa, 3, 0, 0, 0, ...tagged(parts)];
      return [...radiotap, ...header, ...padding, ...llc, ...parts.payload, ...(fcs ? [0xde, 0xad, 0xbe, 0xef] : [])];
    },
  };
}

/** Present: TSFT and flags, behind a second word of present fields; flags: FCS at the end, padding. */
const LONG_RADIOTAP = [0, 0, 25, 0, 3, 0, 0, 0x80, 0, 0, 0, 0, ...zeros(4), ...zeros(8), 0x30];

export const LINKS: readonly Link[] = [
  rawIp("raw IP", 101, null),
  rawIp("raw IP, as most systems number it", 12, null),
  rawIp("raw IP, as OpenBSD numbers it", 14, null),
  rawIp("raw IPv4", 228, 0x0800),
  loopback("BSD loopback, little-endian", 0, (family) => [...u32(family)].reverse(), 30),
  loopback("BSD loopback, big-endian", 0, u32, 24),
  loopback("OpenBSD loopback", 108, u32, 24),
  ppp("PPP", 9, [], 2),
  ppp("PPP, compressed protocol", 9, [], 1),
  ppp("PPP in HDLC-like framing", 9, [0xff, 3], 2),
  ppp("PPP over serial", 50, [0xff, 3], 2),
  ppp("PPP over serial, compressed protocol", 50, [0xff, 3], 1),
  {
    name: "Cisco HDLC",
    linkType: 50,
    shows: NO_ADDRESSES,
    tagged: false,
    build: ({ etherType, payload }) => (isIp(etherType) ? [0x0f, 0, ...u16(etherType), ...payload] : null),
  },
  {
    name: "Linux cooked",
    linkType: 113,
    shows: SOURCE,
    tagged: true,
    build: (parts) => [
      ...[...u16(packetType(parts.dst)), ...u16(1), ...u16(6), ...parts.src, 0, 0],
      ...[...tagged(parts), ...parts.payload],
    ],
  },
  {
    name: "Linux cooked v2",
    linkType: 276,
    shows: SOURCE,
    tagged: true,
    build: (parts) => {
      const [high = 0, low = 0, ...rest] = tagged(parts);
      return [
        ...[high, low, 0, 0, ...u32(3), ...u16(1), packetType(parts.dst), 6, ...parts.src, 0, 0],
        ...[...rest, ...parts.payload],
      ];
    },
  },
  wlan("802.11 to the access point", { ds: 1 }),
  wlan("802.11 from the access point", { ds: 2, fcs: true }),
  wlan("802.11 without one", { ds: 0 }),
  wlan("802.11 of four addresses", { ds: 3 }),
  wlan("802.11 QoS", { ds: 1, qos: true }),
  wlan("802.11 QoS with HT control", { ds: 1, qos: true, htc: true }),
  wlan("802.11 QoS of four addresses with HT control", { ds: 3, qos: true, htc: true }),
  wlan("802.11 with radiotap", { ds: 2, radiotap: [0, 0, 8, 0, 0, 0, 0, 0] }),
  wlan("802.11 QoS with a long radiotap header, padding and FCS", {
    ...{ ds: 1, qos: true, pad: true, fcs: true },
    radiotap: LONG_RADIOTAP,
  }),
];
