import { openSync, readFileSync, readSync } from "node:fs";

/*
 * libpcap reads frames from a ring that it shares with the kernel (packet(7), PACKET_RX_RING, TPACKET_V2), and cap hands
 * on nothing of what the kernel writes in front of each: when it came, and whether the ring has overflowed. The ring lies
 * in the memory of this process, and that can be read as a file. struct tpacket2_hdr of linux/if_packet.h, in the byte
 * order of the machine:
 *
 *   0  status, 32 bits
 *   4  length on the wire
 *   8  length captured
 *  12  where the frame begins, where its network header does: 16 bits each
 *  16  seconds since 1970
 *  20  nanoseconds
 */
const STATUS = 0;
const WIRE_LENGTH = 4;
const CAPTURED_LENGTH = 8;
const FRAME = 12;
const SECONDS = 16;
const NANOSECONDS = 20;

/** How much of a slot is read: its header, and enough of its frame to tell it from others. */
const SLOT_BEGIN_BYTES = 160;
const COMPARED_BYTES = 48;

/** Looks at how full the ring is, for each time round. */
const STRIDES = 16;

/** TP_STATUS_USER: the slot holds a frame that was not read yet. */
const FILLED = 1;
/**
 * For frames of up to 64 KiB libpcap takes one block of memory each, and blocks are a power of two. It does so for all
 * Ethernet devices with GRO or TSO, that is for practically all.
 */
const SLOT_BYTES = 128 * 1024;
/** libpcap puts the outer VLAN tag back, which the kernel had taken off. */
const TAG_BYTES = 4;

/** What to ask libpcap for, in bytes, to get a ring of so many slots. */
export function ringBytes(slots: number): number {
  return slots * (SLOT_BYTES / 2);
}

/** Rings that this process shares with the kernel, by the line that tells of them in /proc/self/maps. */
export function mappedRings(): ReadonlySet<string> {
  try {
    const maps = readFileSync("/proc/self/maps", "latin1").split("\n");
    return new Set(maps.filter((line) => line.includes("socket:[")));
  } catch {
    return new Set();
  }
}

/**
 * The ring of an interface that was opened just now.
 *
 * @param before the rings that there were before
 * @param wanted slots that were asked for
 * @returns null where it cannot be read, as in a process with file capabilities, or is not as expected
 */
export function newRing(before: ReadonlySet<string>, wanted: number): KernelRing | null {
  const [mapped, ...others] = [...mappedRings()].filter((line) => !before.has(line));
  const range = /^([0-9a-f]+)-([0-9a-f]+) /.exec(mapped ?? "");
  if (range === null || others.length > 0) return null;
  const [, from = "", to = ""] = range;
  const start = parseInt(from, 16);
  const slots = (parseInt(to, 16) - start) / SLOT_BYTES;
  const memory = ownMemory();
  // Rings for shorter frames have smaller slots, and are smaller.
  const asExpected = Number.isInteger(slots) && slots > 1 && slots >= 0.97 * wanted;
  return memory === null || !asExpected ? null : new KernelRing(memory, start, slots);
}

let opened: number | null = null;

function ownMemory(): number | null {
  try {
    opened ??= openSync("/proc/self/mem", "r");
    return opened;
  } catch {
    return null;
  }
}

/** What the kernel says of the frames of one interface. Allocates nothing for a frame. */
export class KernelRing {
  /** When the frame came, in microseconds since 1970. */
  time = 0;
  /** Bytes that it had on the wire. */
  original = 0;
  /** So few slots were free, or none, that frames may have found no room since `crowdedSince`. */
  crowded = false;
  /** Microseconds since 1970. */
  crowdedSince = 0;

  readonly #memory: number;
  readonly #start: number;
  readonly #slots: number;
  /** Frames after which is looked how full the ring is; looking costs as much as reading a frame. */
  readonly #stride: number;
  readonly #slot = new DataView(new ArrayBuffer(SLOT_BEGIN_BYTES));
  /** The slot of the next frame. */
  #next = 0;
  #unlooked = 0;

  constructor(memory: number, start: number, slots: number) {
    this.#memory = memory;
    this.#start = start;
    this.#slots = slots;
    this.#stride = Math.ceil(slots / STRIDES);
    this.#unlooked = this.#stride;
  }

  /**
   * Looks at the frame that libpcap is handing over at this moment.
   *
   * @param frame begins with it
   * @param captured bytes of it
   * @returns false where the ring does not hold what libpcap hands over: it is not to be believed any more
   */
  look(frame: Uint8Array, captured: number): boolean {
    for (let passed = 0; passed < this.#slots; passed += 1) {
      const slot = (this.#next + passed) % this.#slots;
      if (!this.#read(slot)) return false;
      // libpcap passes over frames that came before its filter was in place.
      if (!this.#filled) continue;
      const tag = captured - this.#slot.getUint32(CAPTURED_LENGTH, true);
      if ((tag !== 0 && tag !== TAG_BYTES) || !this.#holds(frame, captured, tag)) return false;
      this.time = this.#time;
      this.original = this.#slot.getUint32(WIRE_LENGTH, true) + tag;
      this.#next = (slot + 1) % this.#slots;
      return this.#lookAhead(slot);
    }
    return false;
  }

  /**
   * Slots are filled in turn, so the ring was full only if the slot was filled again that had been read last when it was
   * last looked at, or the one before.
   */
  #lookAhead(slot: number): boolean {
    this.crowded = false;
    this.#unlooked -= 1;
    if (this.#unlooked > 0) return true;
    this.#unlooked = this.#stride;
    if (!this.#read((slot + this.#slots - this.#stride - 1) % this.#slots)) return false;
    this.crowded = this.#filled;
    this.crowdedSince = this.#time;
    return true;
  }

  #holds(frame: Uint8Array, captured: number, tag: number): boolean {
    const begin = this.#slot.getUint16(FRAME, true) - tag;
    const end = Math.min(captured, COMPARED_BYTES);
    if (begin + end > SLOT_BEGIN_BYTES) return false;
    for (let at = 0; at < end; at += 1) {
      if (this.#slot.getUint8(begin + at) !== frame[at]) return false;
    }
    return true;
  }

  #read(slot: number): boolean {
    try {
      const position = this.#start + slot * SLOT_BYTES;
      return readSync(this.#memory, this.#slot, 0, SLOT_BEGIN_BYTES, position) === SLOT_BEGIN_BYTES;
    } catch {
      return false;
    }
  }

  get #filled(): boolean {
    return (this.#slot.getUint32(STATUS, true) & FILLED) !== 0;
  }

  get #time(): number {
    return this.#slot.getUint32(SECONDS, true) * 1e6 + Math.floor(this.#slot.getUint32(NANOSECONDS, true) / 1000);
  }
}
