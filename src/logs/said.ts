import type { LogFact } from "./fact.js";
import { LineReader, type LogLine } from "./line.js";
import type { Place } from "./place.js";
import { Recognition } from "./recognise.js";
import type { StampReader } from "./stamp.js";

/** What one line of a log says, and who says it. */
export interface Said {
  readonly place: Place;
  readonly fact: LogFact;
  /** The interface, where the line names it. */
  readonly device: string | null;
  readonly program: string | null;
  readonly host: string | null;
  readonly pid: string | null;
  /** The transaction, where the line names it. */
  readonly xid: number | null;
}

/** Servers, which speak of clients; all others speak of themselves. */
export const SERVERS: ReadonlySet<string> = new Set(["dhcpd", "dnsmasq", "kea", "udhcpd"]);

/** Makes of the lines of one log what they say. */
export class SaidReader {
  readonly #lines: LineReader;
  readonly #recognition = new Recognition();

  constructor(
    private readonly input: string,
    stamps: StampReader,
  ) {
    this.#lines = new LineReader(stamps);
  }

  /**
   * @param raw a line without its end
   * @returns what it says, null where that is nothing of DHCP
   */
  read(raw: string): { readonly place: Place; readonly said: Said | null } {
    const line = this.#lines.read(raw);
    const place: Place = { input: this.input, line: line.number, stamp: line.stamp };
    const recognised = this.#recognition.recognise(line);
    if (recognised === null) return { place, said: null };
    const { fact, device, program } = recognised;
    return { place, said: { place, fact, device, program, host: line.host, pid: line.pid, xid: xidOf(line) } };
  }
}

/** dhclient and dhcpcd in hexadecimal, Kea as "tid", dnsmasq (log-dhcp) as a decimal number before the message. */
const XID = /\(xid[= ]0x([0-9a-f]{1,8})\)|\btid=0x([0-9a-f]{1,8})\b|^(\d{1,10}) DHCP[A-Z]+\(/;

function xidOf({ text }: LogLine): number | null {
  const [, hex, tid, decimal] = XID.exec(text) ?? [];
  if (decimal !== undefined) return Number(decimal);
  const digits = hex ?? tid;
  return digits === undefined ? null : Number.parseInt(digits, 16);
}
