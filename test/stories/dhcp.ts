import { ipBytes, macBytes } from "./frames.js";
import type { MessageName } from "./types.js";

/** The fields of a DHCP message that the players of a story look at. Addresses as 32-bit numbers, 0: none. */
export interface DhcpFields {
  reply: boolean;
  /** null: the message carries no option 53 */
  type: MessageName | null;
  xid: number;
  secs: number;
  broadcast: boolean;
  hops: number;
  ciaddr: number;
  yiaddr: number;
  siaddr: number;
  giaddr: number;
  chaddr: string;
  requested: number | null;
  serverId: number | null;
  leaseTime: number | null;
  t1: number | null;
  t2: number | null;
  clientId: Uint8Array | null;
  vendorClass: string | null;
  hostname: string | null;
  parameters: readonly number[];
  maximumSize: number | null;
  message: string | null;
  mask: number | null;
  router: number | null;
  dns: number | null;
}

export const blank: DhcpFields = {
  reply: false,
  type: "DISCOVER",
  xid: 0,
  secs: 0,
  broadcast: false,
  hops: 0,
  ciaddr: 0,
  yiaddr: 0,
  siaddr: 0,
  giaddr: 0,
  chaddr: "00:00:00:00:00:00",
  requested: null,
  serverId: null,
  leaseTime: null,
  t1: null,
  t2: null,
  clientId: null,
  vendorClass: null,
  hostname: null,
  parameters: [],
  maximumSize: null,
  message: null,
  mask: null,
  router: null,
  dns: null,
};

/** Option 53 values, RFC 2132 §9.6. */
const typeNumber: Record<MessageName, number> = {
  DISCOVER: 1,
  OFFER: 2,
  REQUEST: 3,
  DECLINE: 4,
  ACK: 5,
  NAK: 6,
  RELEASE: 7,
  INFORM: 8,
};

const minimumLength = 300; // RFC 1542 §2.1, what BOOTP relays expect

function u16(value: number): number[] {
  return [(value >>> 8) & 0xff, value & 0xff];
}

function u32(value: number): number[] {
  return [value >>> 24, (value >>> 16) & 0xff, (value >>> 8) & 0xff, value & 0xff];
}

function text(value: string): number[] {
  return [...new TextEncoder().encode(value)];
}

/** The bytes of the message, RFC 2131 figure 1. `minimum`: programs pad to 300 bytes, or do not. */
export function encodeDhcp(fields: DhcpFields, minimum = minimumLength): Uint8Array {
  const options: number[] = [];
  const add = (code: number, value: readonly number[] | null): void => {
    if (value !== null) options.push(code, value.length, ...value);
  };
  const address = (value: number | null): number[] | null => (value === null ? null : ipBytes(value));
  const number = (value: number | null): number[] | null => (value === null ? null : u32(value));
  add(53, fields.type === null ? null : [typeNumber[fields.type]]);
  add(54, address(fields.serverId));
  add(50, address(fields.requested));
  add(51, number(fields.leaseTime));
  add(58, number(fields.t1));
  add(59, number(fields.t2));
  add(1, address(fields.mask));
  add(3, address(fields.router));
  add(6, address(fields.dns));
  add(61, fields.clientId === null ? null : [...fields.clientId]);
  add(57, fields.maximumSize === null ? null : u16(fields.maximumSize));
  add(12, fields.hostname === null ? null : text(fields.hostname));
  add(60, fields.vendorClass === null ? null : text(fields.vendorClass));
  add(55, fields.parameters.length === 0 ? null : fields.parameters);
  add(56, fields.message === null ? null : text(fields.message));
  options.push(255);

  const bytes = new Uint8Array(Math.max(240 + options.length, minimum));
  bytes.set([fields.reply ? 2 : 1, 1, 6, fields.hops], 0);
  bytes.set(u32(fields.xid), 4);
  bytes.set(u16(fields.secs), 8);
  bytes.set(fields.broadcast ? [0x80, 0] : [0, 0], 10);
  bytes.set(ipBytes(fields.ciaddr), 12);
  bytes.set(ipBytes(fields.yiaddr), 16);
  bytes.set(ipBytes(fields.siaddr), 20);
  bytes.set(ipBytes(fields.giaddr), 24);
  bytes.set(macBytes(fields.chaddr), 28);
  bytes.set([0x63, 0x82, 0x53, 0x63], 236);
  bytes.set(options, 240);
  return bytes;
}
