/** Frames built field by field. Every part is plain bytes, so that a test can spoil any of them. */

export interface UdpFields {
  readonly src?: number;
  readonly dst?: number;
  /** Default: what the data really has, plus 8. */
  readonly length?: number;
  readonly checksum?: number;
}

export interface IpFields {
  readonly src?: number;
  readonly dst?: number;
  readonly id?: number;
  readonly protocol?: number;
  /** The flags and fragment field as it stands in the header: 0x2000 more fragments, then units of 8 bytes. */
  readonly fragment?: number;
  /** Default: what the payload really has, plus the header. */
  readonly totalLength?: number;
  readonly checksum?: number;
  /** The first octet; default 0x45, or more words if there are options. */
  readonly versionAndLength?: number;
  readonly options?: readonly number[];
}

export interface BootpFields {
  readonly op?: number;
  readonly hlen?: number;
  readonly xid?: number;
  readonly secs?: number;
  readonly flags?: number;
  readonly ciaddr?: number;
  readonly yiaddr?: number;
  readonly siaddr?: number;
  readonly giaddr?: number;
  readonly chaddr?: readonly number[];
  readonly sname?: readonly number[];
  readonly file?: readonly number[];
  readonly cookie?: number;
}

export const CLIENT_MAC = [0x52, 0x54, 0x00, 0x12, 0x65, 0x64];
export const SERVER_MAC = [0x52, 0x54, 0x00, 0x12, 0x65, 0x01];
export const SERVER = 0x0a080c01;
export const CLIENT = 0x0a080c96;
export const PAD = 0;
export const END = 255;

export function u16(value: number): number[] {
  return [(value >>> 8) & 0xff, value & 0xff];
}

export function u32(value: number): number[] {
  return [...u16(Math.floor(value / 0x10000)), ...u16(value % 0x10000)];
}

export function zeros(length: number): number[] {
  return new Array<number>(length).fill(0);
}

export function text(value: string): number[] {
  return [...Buffer.from(value, "latin1")];
}

/** One option, with its length octet. */
export function option(code: number, value: readonly number[]): number[] {
  return [code, value.length, ...value];
}

export function bootp(fields: BootpFields = {}, options: readonly number[] = [...option(53, [5]), END]): number[] {
  const chaddr = fields.chaddr ?? CLIENT_MAC;
  const sname = fields.sname ?? [];
  const file = fields.file ?? [];
  return [
    ...[fields.op ?? 2, 1, fields.hlen ?? 6, 0],
    ...u32(fields.xid ?? 0xfd850e68),
    ...u16(fields.secs ?? 0),
    ...u16(fields.flags ?? 0),
    ...u32(fields.ciaddr ?? 0),
    ...u32(fields.yiaddr ?? 0),
    ...u32(fields.siaddr ?? 0),
    ...u32(fields.giaddr ?? 0),
    ...[...chaddr, ...zeros(16 - chaddr.length)],
    ...[...sname, ...zeros(64 - sname.length)],
    ...[...file, ...zeros(128 - file.length)],
    ...u32(fields.cookie ?? 0x63825363),
    ...options,
  ];
}

export function udp(data: readonly number[], fields: UdpFields = {}): number[] {
  const length = fields.length ?? data.length + 8;
  return [...u16(fields.src ?? 67), ...u16(fields.dst ?? 68), ...u16(length), ...u16(fields.checksum ?? 0), ...data];
}

export function ipv4(payload: readonly number[], fields: IpFields = {}): number[] {
  const options = fields.options ?? [];
  const headerLength = 20 + options.length;
  return [
    ...[fields.versionAndLength ?? 0x40 + headerLength / 4, 0],
    ...u16(fields.totalLength ?? headerLength + payload.length),
    ...u16(fields.id ?? 0),
    ...u16(fields.fragment ?? 0),
    ...[64, fields.protocol ?? 17],
    ...u16(fields.checksum ?? 0),
    ...u32(fields.src ?? SERVER),
    ...u32(fields.dst ?? CLIENT),
    ...options,
    ...payload,
  ];
}

/** `tags` are pairs of TPID and tag control information, outermost first. */
export function ethernet(
  payload: readonly number[],
  etherType = 0x0800,
  tags: readonly (readonly [number, number])[] = [],
): Uint8Array {
  const tagged = tags.flatMap(([tpid, control]) => [...u16(tpid), ...u16(control)]);
  return Uint8Array.from([...CLIENT_MAC, ...SERVER_MAC, ...tagged, ...u16(etherType), ...payload]);
}

/** An ACK from server to client in a plain frame; `options` end with END where they should. */
export function reply(options?: readonly number[], fields: BootpFields = {}): Uint8Array {
  return ethernet(ipv4(udp(bootp(fields, options))));
}

/** ICMP type 3 around the first 28 bytes of a datagram, or as many as are given. */
export function unreachable(code: number, datagram: readonly number[], from = CLIENT, to = SERVER): Uint8Array {
  return ethernet(ipv4([3, code, 0, 0, 0, 0, 0, 0, ...datagram.slice(0, 28)], { protocol: 1, src: from, dst: to }));
}

export function arp(op: number, senderIp: number, targetIp: number): number[] {
  return [...u16(1), ...u16(0x0800), 6, 4, ...u16(op), ...SERVER_MAC, ...u32(senderIp), ...zeros(6), ...u32(targetIp)];
}
