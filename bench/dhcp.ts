import { EVERYBODY, putMac, udp, type Checksum, type Way } from "./frames.js";

/** One client of the capture: `number` ends its hardware address and its IPv4 address. */
export interface Client {
  readonly number: number;
  readonly vlan: number;
  /** Seconds; T1 is half of it. */
  readonly lease: number;
}

export const SERVER = 0xff0001;
const SERVER_ADDRESS = 0x0a000001;
const DISCOVER = 1;
const OFFER = 2;
const REQUEST = 3;
const ACK = 5;

type Kind = typeof DISCOVER | typeof OFFER | typeof REQUEST | typeof ACK;

/** Every other client has its server on the same host: those replies show unfinished checksums, and are taken. */
function usual({ number }: Client): Checksum {
  return number % 2 === 0 ? "good" : "partial";
}

/** How a client gets its address: four frames (RFC 2131 §3.1). */
export function acquisition(client: Client, xid: number, sum = usual(client)): Uint8Array[] {
  return [
    fromClient(client, DISCOVER, xid, false),
    fromServer(client, OFFER, xid, false, sum),
    fromClient(client, REQUEST, xid, false),
    fromServer(client, ACK, xid, false, sum),
  ];
}

/** How it keeps it: two frames (§4.4.5). */
export function renewal(client: Client, xid: number, sum = usual(client)): Uint8Array[] {
  return [fromClient(client, REQUEST, xid, true), fromServer(client, ACK, xid, true, sum)];
}

function addressOf({ number }: Client): number {
  return 0x0a010000 + number;
}

function fromClient(client: Client, kind: Kind, xid: number, renewing: boolean): Uint8Array {
  const { number, vlan } = client;
  const way: Way = renewing
    ? { from: number, to: SERVER, source: addressOf(client), destination: SERVER_ADDRESS, vlan }
    : { from: number, to: EVERYBODY, source: 0, destination: 0xffffffff, vlan };
  const names = kind === REQUEST && !renewing;
  const message = bootp(1, xid, client, [
    [53, [kind]],
    ...(names ? [numberOption(50, addressOf(client)), numberOption(54, SERVER_ADDRESS)] : []),
    [55, [1, 28, 2, 3, 15, 6, 12]],
  ]);
  if (renewing) new DataView(message.buffer).setUint32(12, addressOf(client));
  return udp(way, [68, 67], message, "good");
}

function fromServer(client: Client, kind: Kind, xid: number, renewing: boolean, sum: Checksum): Uint8Array {
  const { number, vlan, lease } = client;
  const way: Way = { from: SERVER, to: number, source: SERVER_ADDRESS, destination: addressOf(client), vlan };
  const message = bootp(2, xid, client, [
    [53, [kind]],
    numberOption(54, SERVER_ADDRESS),
    numberOption(51, lease),
    numberOption(1, 0xffff0000),
    numberOption(3, SERVER_ADDRESS),
  ]);
  const view = new DataView(message.buffer);
  if (renewing) view.setUint32(12, addressOf(client));
  view.setUint32(16, addressOf(client));
  return udp(way, [67, 68], message, sum);
}

type Option = readonly [code: number, value: readonly number[]];

function numberOption(code: number, value: number): Option {
  return [code, [value >>> 24, (value >>> 16) & 0xff, (value >>> 8) & 0xff, value & 0xff]];
}

/** RFC 2131 §2, padded to the 300 octets of BOOTP. */
function bootp(op: number, xid: number, { number }: Client, options: readonly Option[]): Uint8Array<ArrayBuffer> {
  const message = new Uint8Array(300);
  const view = new DataView(message.buffer);
  message.set([op, 1, 6]);
  view.setUint32(4, xid);
  putMac(view, 28, number);
  view.setUint32(236, 0x63825363);
  message.set([...options.flatMap(([code, value]) => [code, value.length, ...value]), 255], 240);
  return message;
}
