import { instantAt } from "../instant.js";
import { SECTION_HEADER } from "../magic.js";
import * as layout from "../pcapng-layout.js";
import { Output, type OutputOptions } from "./output.js";
import { Section, type RecordedInterface } from "./section.js";
import { readStatement, type Statement } from "./statement.js";

const { BODY, STAMP_HIGH, STAMP_LOW, TOTAL_LENGTH } = layout;

/**
 * Seconds after which it is said again up to when an interface was watched: capture processes say so every ten, and no
 * more shall pass.
 */
const BEAT = 7;

/**
 * Writes a stream of pcapng blocks to files that follow each other. Each begins with a section of its own that describes
 * every interface that is still watched, so that it can be read by itself; read after those before it, it is the same
 * stream. What cannot be written is marked as not watched in what can be written later.
 */
export class Recorder {
  readonly #output: Output;
  /** There are files from an earlier watch: the new one does not go on without a gap. */
  readonly #continues: boolean;
  /** Since when, at the earliest, interfaces are watched as this file has it; by what describes them. */
  readonly #floors = new Map<string, bigint>();
  /** Interfaces of this watch, by what describes them. */
  readonly #met = new Set<string>();
  /** Of which more was added than is written. */
  readonly #pending = new Set<RecordedInterface>();
  #section: Section | null = null;
  /** The last reading of a steady clock that the file has. */
  #clock = "";

  constructor(options: OutputOptions) {
    this.#output = new Output(options);
    this.#continues = options.folder.continues;
  }

  /** Takes whole blocks of the stream; parameters as of FrameSink.blocks. */
  blocks(bytes: Uint8Array, view: DataView, start: number, end: number, littleEndian: boolean): void {
    let order = littleEndian;
    for (let at = start; at < end;) {
      const type = view.getUint32(at, order);
      if (type === SECTION_HEADER) order = layout.byteOrder(view, at) ?? order;
      const total = view.getUint32(at + TOTAL_LENGTH, order);
      if (type === SECTION_HEADER) this.begin(Section.of(bytes, view, at, total, order));
      else if (this.#section !== null) this.#block(this.#section, type, bytes, view, at, total);
      at += total;
    }
  }

  /** A section of the stream begins. */
  begin(section: Section): void {
    this.#section = section;
    const { mark } = this.#output;
    const header = mark === null ? null : section.header(mark);
    if (header !== null && this.#output.hasRoom(header.length)) {
      this.#output.add(header);
    } else {
      this.flush();
      this.#output.close();
      this.#open(section);
    }
  }

  /** Writes all that it was given. */
  flush(): void {
    if (this.#output.flush()) for (const one of this.#pending) one.recorded = one.until;
    this.#pending.clear();
  }

  /** Time goes on, frames or not. */
  tick(): void {
    const section = this.#section;
    if (section === null) return;
    if (this.#output.mark === null) this.#open(section);
    else if (this.#output.isOld) this.#turn(section);
    this.flush();
  }

  /**
   * Where the stream itself does not say so: its interfaces were watched up to `time`, in seconds since 1970.
   *
   * @param beat seconds that must have passed since that was said last
   */
  watchedUntil(time: number, beat = BEAT): void {
    const section = this.#section;
    if (section === null || section.stated) return;
    const { seconds, nanos } = instantAt(time);
    for (const one of section.interfaces) {
      if (one.over || one.id < 0 || time - one.said < beat) continue;
      const stamp = one.clock.stampAt(seconds, nanos);
      if (stamp <= (one.until ?? -1n)) continue;
      one.reachedStamp(stamp);
      this.#say(one, { from: one.from, until: stamp, gap: null });
    }
    this.flush();
  }

  /**
   * Where the stream itself does not say so: its clock was read beside a steady one.
   *
   * @param time what it showed, in seconds since 1970
   * @param monotonic the steady one, in seconds
   */
  clockRead(time: number, monotonic: number): void {
    const section = this.#section;
    const one = section?.interfaces.find(({ id, over }) => id >= 0 && !over);
    if (section === null || one === undefined) return;
    const { seconds, nanos } = instantAt(time);
    const reading = section.clockReading(one, one.clock.stampAt(seconds, nanos), monotonic);
    this.#makeRoom(section, reading.length);
    this.#output.add(reading);
  }

  close(): void {
    this.flush();
    this.#output.close();
  }

  #block(section: Section, type: number, bytes: Uint8Array, view: DataView, at: number, total: number): void {
    const order = section.littleEndian;
    switch (type) {
      case layout.INTERFACE_DESCRIPTION:
        this.#makeRoom(section, total);
        this.#describe(section, section.describe(bytes.slice(at, at + total)));
        break;
      case layout.ENHANCED_PACKET:
        this.#packet(section, section.interfaces[view.getUint32(at + BODY, order)], bytes, view, at, total);
        break;
      case layout.PACKET:
        this.#packet(section, section.interfaces[view.getUint16(at + BODY, order)], bytes, view, at, total);
        break;
      case layout.INTERFACE_STATISTICS:
        this.#statistics(section, section.interfaces[view.getUint32(at + BODY, order)], bytes, view, at, total);
        break;
      default:
        section.simple ||= type === layout.SIMPLE_PACKET;
        this.#makeRoom(section, total);
        this.#output.add(bytes, at, at + total);
    }
  }

  #packet(
    section: Section,
    one: RecordedInterface | undefined,
    bytes: Uint8Array,
    view: DataView,
    at: number,
    total: number,
  ): void {
    // The parser has refused it as well.
    if (one === undefined) return;
    const order = section.littleEndian;
    this.#makeRoom(section, total);
    if (one.id < 0) this.#describe(section, one);
    const [high, low] = [view.getUint32(at + STAMP_HIGH, order), view.getUint32(at + STAMP_LOW, order)];
    if (one.until === null && !section.stated) this.#meet(one, high, low);
    one.reached(high, low);
    this.#pending.add(one);
    const copy = this.#output.add(bytes, at, at + total);
    if (copy < 0) return;
    if (view.getUint32(at, order) === layout.PACKET) this.#output.view.setUint16(copy + BODY, one.id, order);
    else this.#output.view.setUint32(copy + BODY, one.id, order);
  }

  /** Its first frame. Where the stream does not say since when it is watched, what lies behind an earlier watch is a gap. */
  #meet(one: RecordedInterface, high: number, low: number): void {
    if (this.#met.has(one.likeness)) return;
    this.#met.add(one.likeness);
    if (!this.#continues) return;
    one.reached(high, low);
    this.#say(one, { from: one.until, until: null, gap: null });
  }

  #statistics(
    section: Section,
    one: RecordedInterface | undefined,
    bytes: Uint8Array,
    view: DataView,
    at: number,
    total: number,
  ): void {
    if (one === undefined) return;
    const order = section.littleEndian;
    this.#makeRoom(section, total);
    const said = readStatement(bytes, view, at, total, order);
    if (said.until >= 0) one.reached(...stampAt(view, at + said.until, order));
    const floor = said.from < 0 ? null : this.#floor(one, ...stampAt(view, at + said.from, order));
    const isNew = floor !== null && floor !== one.from;
    if (floor !== null) {
      section.stated = one.stated = true;
      one.from = floor;
      one.reachedStamp(floor);
    }
    if (said.counts.length > 0) one.counts = said.counts;
    one.over ||= said.gap;
    this.#pending.add(one);
    if (one.id < 0 || !(this.#tellsMore(one, said) || isNew)) return;
    const copy = this.#output.add(bytes, at, at + total);
    if (copy < 0) return;
    const { view: copied } = this.#output;
    copied.setUint32(copy + BODY, one.id, order);
    if (floor === null) return;
    copied.setUint32(copy + said.from, Number(floor >> 32n), order);
    copied.setUint32(copy + said.from + 4, Number(floor & 0xffff_ffffn), order);
  }

  /** A watch that began before this file, for the file begins with it. */
  #floor(one: RecordedInterface, high: number, low: number): bigint {
    const from = (BigInt(high) << 32n) | BigInt(low);
    const floor = this.#floors.get(one.likeness) ?? from;
    return floor > from ? floor : from;
  }

  /** A hundred interfaces say the same each second or two. */
  #tellsMore(one: RecordedInterface, { high, low, clocks, more }: Statement): boolean {
    one.clock.read(high, low);
    const time = one.clock.seconds;
    const latest = clocks.at(-1) ?? this.#clock;
    if (!more && latest === this.#clock && time - one.said < BEAT) return false;
    this.#clock = latest;
    one.said = time;
    return true;
  }

  #makeRoom(section: Section, bytes: number): void {
    if (this.#output.isFull) this.flush();
    if (this.#output.mark !== null && !this.#output.hasRoom(bytes)) this.#turn(section);
  }

  /** Another file goes on exactly where this one ends. */
  #turn(section: Section): void {
    for (const one of section.interfaces) {
      if (one.id < 0 || one.over || one.from === null) continue;
      this.#say(one, { from: one.from, until: one.until, gap: null });
    }
    this.flush();
    this.#output.close();
    this.#open(section);
  }

  #open(section: Section): void {
    const { failure } = this.#output;
    section.described = 0;
    for (const one of section.interfaces) one.id = -1;
    if (!this.#output.open()) return;
    const { mark } = this.#output;
    if (mark === null) return;
    this.#floors.clear();
    this.#clock = "";
    this.#output.add(section.header(mark));
    for (const one of section.interfaces) this.#describeAgain(section, one, failure);
    if (this.#output.beginningEnds()) for (const one of this.#pending) one.recorded = one.until;
    this.#pending.clear();
  }

  /** @param failure why something is missing before this file; null: nothing is */
  #describeAgain(section: Section, one: RecordedInterface, failure: string | null): void {
    const { recorded, until } = one;
    if (failure !== null && recorded !== null) {
      this.#describe(section, one);
      this.#say(one, { from: recorded, until: recorded, gap: `not recorded: ${failure}` });
    }
    one.id = -1;
    // Frames without a number are of the first, whatever has become of it.
    if (one.over && !(section.simple && section.described === 0)) return;
    this.#describe(section, one);
    const isWatched = one.stated || !section.stated;
    const since = one.from === null && failure === null ? null : until;
    if (one.over || !isWatched || since === null) return;
    one.from = since;
    this.#floors.set(one.likeness, since);
    this.#say(one, { from: since, until: null, gap: null });
  }

  #describe(section: Section, one: RecordedInterface): void {
    if (this.#output.add(one.block) < 0) return;
    one.id = section.described;
    section.described += 1;
  }

  /** Adds a statement of our own, as of the moment up to which the interface was watched. */
  #say(
    one: RecordedInterface,
    said: { readonly from: bigint | null; readonly until: bigint | null; readonly gap: string | null },
  ): void {
    const at = one.until ?? 0n;
    this.#output.add(this.#section?.statistics(one, at, said) ?? new Uint8Array(0));
    one.clock.read(Number(at >> 32n), Number(at & 0xffff_ffffn));
    one.said = one.clock.seconds;
    this.#pending.add(one);
  }
}

function stampAt(view: DataView, at: number, littleEndian: boolean): [high: number, low: number] {
  return [view.getUint32(at, littleEndian), view.getUint32(at + 4, littleEndian)];
}
