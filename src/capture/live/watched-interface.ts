import { ARRIVAL_STAMPS, type Comment } from "../remarks.js";
import { FragmentBudget } from "./fragment-budget.js";
import { mappedRings, newRing, ringBytes, type KernelRing } from "./kernel-ring.js";
import type { Outlet } from "./outlet.js";
import type { PacketBlock } from "./packet-block.js";
import type { ProgressBlock } from "./progress-block.js";
import { interfaceDescription, interfaceStatistics } from "./statistics.js";
import type { Moment, WallClock } from "./wall-clock.js";

/** One capture of libpcap's, as cap gives it. */
export interface Handle {
  open(device: string, filter: string, bufferSize: number, buffer: Uint8Array): string;
  close(): boolean;
  on(event: "packet", listener: (length: number) => void): void;
}

/** What all interfaces of a capture process have in common. */
export interface Surroundings {
  readonly outlet: Outlet;
  readonly clock: WallClock;
  /** cap writes each frame into it, and it is written from there: one for all, as there is one thread. */
  readonly block: PacketBlock;
  readonly progress: ProgressBlock;
  newHandle(): Handle;
  /** The number of the next interface in the section. */
  nextId(): number;
  /** The event loop had its turn, and then a frame came. */
  awake(): void;
  /** It could not be opened again. */
  failed(name: string, error: unknown): void;
}

const ETHERNET = 1;
/** The words that cap has for link types, and their LINKTYPE_ values. */
const LINK_TYPES = new Map([
  ["ETHERNET", ETHERNET],
  ["RAW", 101],
  ["NULL", 0],
  ["LINKTYPE_LINUX_SLL", 113],
  ["IEEE802_11_RADIO", 127],
]);

/** Microseconds for which one interface may keep the others waiting: cap goes on as long as there are frames. */
const LONGEST_TURN = 250_000;
/** Microseconds without an overflow after which an interface is read completely again. */
const CALM = 500_000;

/** Microseconds between statements of one interface; in between, that of another one of its process stands for all. */
const OWN_BEAT = 9_000_000;
const NOTHING = new Uint8Array(0);

const TOO_MANY = "more frames than could be read";

/** An interface that is being captured, and what the stream says of it. Times are microseconds since 1970. */
export class WatchedInterface {
  readonly name: string;
  readonly #filter: string;
  readonly #slots: number;
  readonly #around: Surroundings;
  #handle: Handle;
  #linkType = 0;
  /** Null: frames are stamped here. */
  #ring: KernelRing | null = null;
  #id = 0;
  #received = 0;
  /** When something was last said of it, by the steady clock. */
  #said = -Infinity;
  /** When the watch began. */
  #from = 0;
  /** When the ring was last seen to overflow; the watch begins when nothing more was lost for a while. Null: all is read. */
  #overflow: number | null = null;
  readonly #fragments = new FragmentBudget();
  /** Frames since the event loop last had a turn, and when the first of them was read. */
  #batch = 0;
  #batchBegan = 0;
  #closed = false;
  /** It was described, and the watch has yet to begin. */
  #awaited = false;
  /** The watch is over, and the next was not described yet. */
  #over = false;

  /** @throws Error with the words of libpcap, or of cap */
  constructor(order: { readonly name: string; readonly filter: string; readonly slots: number }, around: Surroundings) {
    this.name = order.name;
    this.#filter = order.filter;
    this.#slots = order.slots;
    this.#around = around;
    this.#handle = this.#open();
  }

  /** Its stamps are late where this process was. */
  get stampsArrival(): boolean {
    return this.#ring === null;
  }

  /**
   * All frames from before `now` have been read.
   *
   * @param anyway to be said now, be it for all interfaces of this process
   * @returns the block that says so, valid until the next one; empty where nothing is to be said
   */
  beat(now: Moment, anyway: boolean): Uint8Array {
    this.#recover(now.wall);
    if (this.#over || this.#overflow !== null || !(anyway || now.monotonic - this.#said >= OWN_BEAT)) return NOTHING;
    // There is a comment on them.
    if (this.#fragments.leftOut > 0) return this.statement(now, now.wall, []);
    this.#said = now.monotonic;
    return this.#around.progress.of(this.#id, now, this.#from, now.wall, this.#received);
  }

  /**
   * Up to when it was watched.
   *
   * @param now what the block is stamped with
   * @param until all frames from before have been read
   */
  statement(now: Moment, until: number, comments: readonly Comment[]): Uint8Array {
    if (this.#over || this.#overflow !== null) return NOTHING;
    this.#said = now.monotonic;
    const { leftOut } = this.#fragments;
    const progress = { from: this.#from, until, received: this.#received, leftOut };
    const said: Comment[] = [...comments, { kind: "clock", monotonic: now.monotonic / 1e6 }];
    return interfaceStatistics(this.#id, now.wall, progress, said);
  }

  /** @param until all frames from before have been read */
  close(until: number, reason: string): void {
    this.#closed = true;
    this.#handle.close();
    if (this.#awaited) this.#giveUp();
    else this.#end(until, reason);
  }

  #open(): Handle {
    const { block, clock } = this.#around;
    const handle = this.#around.newHandle();
    const before = mappedRings();
    const word = handle.open(this.name, this.#filter, ringBytes(this.#slots), block.frame);
    const linkType = LINK_TYPES.get(word);
    if (linkType === undefined) {
      handle.close();
      throw new Error(`its link layer is not known here (${word})`);
    }
    this.#linkType = linkType;
    this.#ring = newRing(before, this.#slots);
    handle.on("packet", (length) => this.#take(length));
    this.#describe();
    this.#begin(clock.now());
    return handle;
  }

  #take(captured: number): void {
    const { block, clock, outlet } = this.#around;
    const now = clock.now();
    this.#batch += 1;
    if (this.#batch === 1) this.#beginBatch(now);
    const ring = this.#look(captured, now);
    const time = ring?.time ?? now;
    this.#received += 1;
    if (this.#linkType !== ETHERNET || this.#fragments.allows(block.frame, captured, now)) {
      outlet.write(block.around(this.#id, time, captured, ring?.original ?? captured));
    }
    this.#recover(now);
    if (now - this.#batchBegan > LONGEST_TURN) this.#letOthers(time);
  }

  #beginBatch(now: number): void {
    this.#around.awake();
    this.#batchBegan = now;
    setImmediate(() => {
      this.#batch = 0;
    });
  }

  /** What the kernel says of the frame that has come; null: nothing. */
  #look(captured: number, now: number): KernelRing | null {
    const ring = this.#ring;
    if (ring === null) {
      // More than the ring holds: it may have been full.
      if (this.#batch % (this.#slots + 1) === 0) this.#overflowed(this.#batchBegan, now);
      return null;
    }
    if (ring.look(this.#around.block.frame, captured)) {
      if (ring.crowded) this.#overflowed(ring.crowdedSince, now);
      return ring;
    }
    this.#end(now, "the kernel's time stamps cannot be read any more");
    this.#ring = null;
    this.#describe();
    this.#begin(now);
    return null;
  }

  /** @param newest what came after this was lost */
  #overflowed(newest: number, now: number): void {
    if (this.#overflow === null) {
      this.#end(newest, TOO_MANY);
      this.#describe();
    }
    this.#overflow = now;
  }

  #recover(now: number): void {
    if (this.#overflow === null || now - this.#overflow < CALM) return;
    this.#begin(this.#overflow);
  }

  /** cap returns to the event loop only when there is nothing more to read, or it is closed. */
  #letOthers(until: number): void {
    this.#handle.close();
    this.#end(until, TOO_MANY);
    setImmediate(() => {
      if (this.#closed) return;
      try {
        this.#handle = this.#open();
      } catch (error) {
        this.#around.failed(this.name, error);
      }
    });
  }

  /** A watch begins with a new description of the interface. */
  #describe(): void {
    if (this.#awaited) this.#giveUp();
    this.#over = false;
    this.#id = this.#around.nextId();
    this.#received = 0;
    const comment = this.#ring === null ? ARRIVAL_STAMPS : null;
    this.#around.outlet.write(interfaceDescription(this.name, this.#linkType, comment));
    this.#awaited = true;
  }

  /** The watch that was described never began; else its description and the next would be two interfaces. */
  #giveUp(): void {
    const progress = { from: null, until: null, received: this.#received };
    const now = this.#around.clock.now();
    this.#around.outlet.write(interfaceStatistics(this.#id, now, progress, [{ kind: "gap", reason: TOO_MANY }]));
  }

  #begin(from: number): void {
    this.#awaited = false;
    this.#from = from;
    this.#overflow = null;
    const progress = { from, until: null, received: null };
    this.#around.outlet.write(interfaceStatistics(this.#id, from, progress, []));
  }

  #end(until: number, reason: string): void {
    if (this.#over || this.#overflow !== null) return;
    this.#over = true;
    const progress = { from: this.#from, until: Math.max(until, this.#from), received: this.#received };
    const now = this.#around.clock.now();
    this.#around.outlet.write(interfaceStatistics(this.#id, now, progress, [{ kind: "gap", reason }]));
  }
}
