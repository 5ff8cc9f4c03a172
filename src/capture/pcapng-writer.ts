/** An option of a block: its code and its value, still without padding. */
export interface PcapngOption {
  /** 16 bits. */
  readonly code: number;
  /** At most 65535 bytes. */
  readonly value: Uint8Array;
}

const utf8 = new TextEncoder();

/** Options of any block (draft-ietf-opsawg-pcapng section 3.5): a comment. */
export const OPT_COMMENT = 1;
/** Options of the Section Header Block: hardware, operating system and program that wrote it, as text. */
export const SHB_HARDWARE = 2;
export const SHB_OS = 3;
export const SHB_USERAPPL = 4;
/** Options of the Interface Description Block. */
export const IF_NAME = 2;
export const IF_DESCRIPTION = 3;
export const IF_TSRESOL = 9;
export const IF_TSOFFSET = 14;
/** Options of the Interface Statistics Block: times as stamps, then counts of packets. */
export const ISB_STARTTIME = 2;
export const ISB_ENDTIME = 3;
export const ISB_IFRECV = 4;
export const ISB_IFDROP = 5;
export const ISB_OSDROP = 7;

/**
 * Blocks of one section (draft-ietf-opsawg-pcapng section 4), in one byte order. Every function gives a whole block;
 * a file is a section header, its interfaces, and packets, one after the other. Nothing is checked: of numbers that are out
 * of range the lower bits are taken.
 */
export interface PcapngWriter {
  /**
   * @param options SHB_… and OPT_COMMENT
   * @returns the block that a section begins with, of unknown length
   * @throws nothing
   */
  sectionHeader(options?: readonly PcapngOption[]): Uint8Array;
  /**
   * @param linkType LINKTYPE_ value
   * @param snapLength bytes to which longer frames were cut; 0: no limit
   * @param options IF_… and OPT_COMMENT
   * @returns the block
   * @throws nothing
   */
  interfaceDescription(linkType: number, snapLength?: number, options?: readonly PcapngOption[]): Uint8Array;
  /**
   * @param id number of the interface within the section, from 0
   * @param stamp in the units of that interface, see timeStamp
   * @param frame from its link-layer header on, in network byte order
   * @param original bytes on the wire; as many as `frame` has unless it is given
   * @param options OPT_COMMENT and what section 4.3 lists
   * @returns the block
   * @throws nothing
   */
  enhancedPacket(
    id: number,
    stamp: bigint,
    frame: Uint8Array,
    original?: number,
    options?: readonly PcapngOption[],
  ): Uint8Array;
  /**
   * @param frame from its link-layer header on, in network byte order
   * @param original bytes on the wire; how many of them are there is not written
   * @returns the block, which has no time
   * @throws nothing
   */
  simplePacket(frame: Uint8Array, original?: number): Uint8Array;
  /**
   * @param id number of the interface within the section, from 0
   * @param stamp in the units of that interface, see timeStamp
   * @param options ISB_… and OPT_COMMENT
   * @returns the block
   * @throws nothing
   */
  interfaceStatistics(id: number, stamp: bigint, options?: readonly PcapngOption[]): Uint8Array;
  /**
   * Any block.
   *
   * @param type 32 bits
   * @param body is padded here to 32 bits
   * @returns type, length, body, length
   * @throws nothing
   */
  block(type: number, body: Uint8Array): Uint8Array;

  /**
   * @param code 16 bits
   * @param text becomes UTF-8
   * @returns the option
   * @throws nothing
   */
  textOption(code: number, text: string): PcapngOption;
  /**
   * One byte, as IF_TSRESOL has it: n for units of 10^-n seconds, 0x80 + n for 2^-n.
   *
   * @param code 16 bits
   * @param value 0 to 255
   * @returns the option
   * @throws nothing
   */
  byteOption(code: number, value: number): PcapngOption;
  /**
   * 64 bits in one number: counts, and IF_TSOFFSET (signed seconds).
   *
   * @param code 16 bits
   * @param value of 64 bits
   * @returns the option, in the byte order of the section
   * @throws nothing
   */
  numberOption(code: number, value: bigint): PcapngOption;
  /**
   * 64 bits in two halves, the upper one first: times.
   *
   * @param code 16 bits
   * @param stamp in the units of the interface, see timeStamp
   * @returns the option, in the byte order of the section
   * @throws nothing
   */
  stampOption(code: number, stamp: bigint): PcapngOption;
}

/**
 * A time as pcapng counts it, in units of 10^-`digits` seconds since 1970, cut off to those digits.
 *
 * @param seconds whole
 * @param nanos whole, 0 to 999 999 999
 * @param digits the interface's IF_TSRESOL; 6 where it has none
 * @throws RangeError if one of them is not whole
 */
export function timeStamp(seconds: number, nanos: number, digits = 6): bigint {
  const total = BigInt(seconds) * 1_000_000_000n + BigInt(nanos);
  return digits >= 9 ? total * 10n ** BigInt(digits - 9) : total / 10n ** BigInt(9 - digits);
}

/**
 * Writes the blocks of a pcapng file in one byte order.
 *
 * @param littleEndian byte order of all numbers; frames are in network byte order always
 * @throws nothing
 */
export function createPcapngWriter(littleEndian: boolean): PcapngWriter {
  function words(...values: readonly number[]): Uint8Array {
    const view = new DataView(new ArrayBuffer(4 * values.length));
    values.forEach((value, index) => view.setUint32(4 * index, value, littleEndian));
    return new Uint8Array(view.buffer);
  }

  function halves(...values: readonly number[]): Uint8Array {
    const view = new DataView(new ArrayBuffer(2 * values.length));
    values.forEach((value, index) => view.setUint16(2 * index, value, littleEndian));
    return new Uint8Array(view.buffer);
  }

  function stampWords(stamp: bigint): readonly [number, number] {
    return [Number(BigInt.asUintN(32, stamp >> 32n)), Number(BigInt.asUintN(32, stamp))];
  }

  function block(type: number, body: Uint8Array): Uint8Array {
    const padded = pad(body);
    const total = words(12 + padded.length);
    return join(words(type), total, padded, total);
  }

  function optionList(options: readonly PcapngOption[]): Uint8Array {
    if (options.length === 0) return new Uint8Array(0);
    const list = options.map(({ code, value }) => join(halves(code, value.length), pad(value)));
    return join(...list, halves(0, 0));
  }

  return {
    block,
    sectionHeader(options = []) {
      const unknownLength = words(0xffff_ffff, 0xffff_ffff);
      return block(0x0a0d0d0a, join(words(0x1a2b3c4d), halves(1, 0), unknownLength, optionList(options)));
    },
    interfaceDescription(linkType, snapLength = 0, options = []) {
      return block(1, join(halves(linkType, 0), words(snapLength), optionList(options)));
    },
    enhancedPacket(id, stamp, frame, original = frame.length, options = []) {
      const header = words(id, ...stampWords(stamp), frame.length, original);
      return block(6, join(header, pad(frame), optionList(options)));
    },
    simplePacket(frame, original = frame.length) {
      return block(3, join(words(original), frame));
    },
    interfaceStatistics(id, stamp, options = []) {
      return block(5, join(words(id, ...stampWords(stamp)), optionList(options)));
    },
    textOption(code, text) {
      return { code, value: utf8.encode(text) };
    },
    byteOption(code, value) {
      return { code, value: Uint8Array.of(value) };
    },
    numberOption(code, value) {
      const view = new DataView(new ArrayBuffer(8));
      view.setBigInt64(0, value, littleEndian);
      return { code, value: new Uint8Array(view.buffer) };
    },
    stampOption(code, stamp) {
      return { code, value: words(...stampWords(stamp)) };
    },
  };
}

function pad(bytes: Uint8Array): Uint8Array {
  if (bytes.length % 4 === 0) return bytes;
  const padded = new Uint8Array(Math.ceil(bytes.length / 4) * 4);
  padded.set(bytes);
  return padded;
}

function join(...parts: readonly Uint8Array[]): Uint8Array {
  const joined = new Uint8Array(parts.reduce((length, part) => length + part.length, 0));
  let at = 0;
  for (const part of parts) {
    joined.set(part, at);
    at += part.length;
  }
  return joined;
}
