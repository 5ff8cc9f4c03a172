import { complement, pseudoHeaderSum, sumIpv4Addresses, sumWords } from "../../src/checksum/internet.js";
import type { Fragments } from "../../src/wire/fragments.js";
import type { WholeFrame } from "../../src/wire/whole-datagram.js";
import { bootp, CLIENT, END, ethernet, ipv4, option, SERVER, u16, udp } from "./packets.js";

/** A part of a datagram's payload. */
export interface Piece {
  readonly start: number;
  readonly bytes: readonly number[];
  readonly last: boolean;
  /** What becomes of the right header checksum. */
  readonly sum?: (right: number) => number;
}

/** Cuts a payload at these offsets, multiples of 8 in any order. */
export function cutUp(payload: readonly number[], cuts: readonly number[]): Piece[] {
  const starts = [0, ...new Set(cuts)].sort((a, b) => a - b);
  return [...new Set(starts)].map((start, index, all) => ({
    start,
    bytes: payload.slice(start, all[index + 1]),
    last: index === all.length - 1,
  }));
}

export interface Where {
  readonly id?: number;
  readonly src?: number;
  readonly dst?: number;
  readonly scope?: number;
  readonly tags?: number;
  readonly time?: number;
  readonly context?: number;
  /** Bytes that the capture kept of the frame. */
  readonly captured?: number;
  readonly totalLength?: number;
}

export function fragmentOf(piece: Piece, { id = 7, src = SERVER, dst = CLIENT, totalLength }: Where = {}): Uint8Array {
  const fragment = piece.start / 8 + (piece.last ? 0 : 0x2000);
  const fields = { id, src, dst, fragment, ...(totalLength === undefined ? {} : { totalLength }) };
  const blank = ipv4(piece.bytes, fields);
  const header = Uint8Array.from(blank.slice(0, 20));
  const right = complement(sumWords(new DataView(header.buffer), 0, 20));
  return ethernet(ipv4(piece.bytes, { ...fields, checksum: piece.sum?.(right) ?? right }));
}

/** Shows a fragment as the capture does: those that are foreign are not taken. */
export function show(fragments: Fragments<number>, piece: Piece | undefined, where?: Where): WholeFrame | null;
export function show(
  fragments: Fragments<number>,
  piece: Piece | undefined,
  where: Where & { readonly mayBeForeign: true },
): WholeFrame | null | "foreign";
export function show(
  fragments: Fragments<number>,
  piece: Piece | undefined,
  where: Where & { readonly mayBeForeign?: true } = {},
): WholeFrame | null | "foreign" {
  if (piece === undefined) throw new Error("no fragment");
  const { scope = 0, tags = 0, time = 100, context = 0, captured, mayBeForeign } = where;
  const sent = fragmentOf(piece, where);
  const bytes = sent.slice(0, captured);
  const view = new DataView(bytes.buffer);
  if (fragments.isForeign(bytes, view, 14, bytes.length, scope, tags, time)) {
    if (mayBeForeign === true) return "foreign";
    throw new Error("foreign");
  }
  return fragments.add({ bytes, ip: 14, original: sent.length, scope, tags, time, context });
}

/** UDP from server to client with a right checksum. */
export function udpWithSum(data: readonly number[]): number[] {
  const blank = udp(data);
  const bytes = Uint8Array.from(blank);
  const pseudo = pseudoHeaderSum(sumIpv4Addresses(SERVER, CLIENT), 17, blank.length);
  const sum = complement(pseudo + sumWords(new DataView(bytes.buffer), 0, bytes.length)) || 0xffff;
  return [...blank.slice(0, 6), ...u16(sum), ...data];
}

/** A reply as a UDP datagram with `length` octets of options and more. */
export function message(length: number): number[] {
  const filler = Array.from({ length }, (_, index) => (index * 7 + 1) & 0xff);
  const parts = [];
  for (let at = 0; at < filler.length; at += 200) parts.push(...option(224, filler.slice(at, at + 200)));
  return udpWithSum(bootp({}, [...option(53, [5]), ...parts, END]));
}
