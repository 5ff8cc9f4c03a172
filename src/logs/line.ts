import { programName } from "./program-name.js";
import type { StampReader } from "./stamp.js";
import { type Stamp } from "./stamp.js";

/** A line of a log, taken apart as far as its form is known. */
export interface LogLine {
  /** Counted from 1. */
  readonly number: number;
  readonly stamp: Stamp | null;
  readonly host: string | null;
  readonly program: string | null;
  readonly pid: string | null;
  readonly text: string;
}

/** RFC 5424 section 6: VERSION is 1, and a header field that is not known is "-". */
const SYSLOG_5424 = /^<\d{1,3}>1 (\S+) (\S+) (\S+) (\S+) \S+ (?:-|(?:\[(?:[^\]\\]|\\.)*\])+) ?(.*)$/;
const PRIORITY = /^<\d{1,3}>/;
const TAG = /^([A-Za-z_][\w.+/-]*)(?:\[(\d{1,10})\])?: ?(.*)$/;
const HOST = /^([\w.:-]+) +(.*)$/;

/** Takes the lines of one log apart: syslog (RFC 3164, RFC 5424), the journal's JSON and short forms, plain text. */
export class LineReader {
  #number = 0;

  constructor(private readonly stamps: StampReader) {}

  read(raw: string): LogLine {
    this.#number += 1;
    const number = this.#number;
    const line = raw.startsWith("{") ? this.#journal(raw) : null;
    return { number, ...(line ?? this.#modern(raw) ?? this.#classic(raw)) };
  }

  /** journalctl -o json: systemd.journal-fields(7). */
  #journal(raw: string): Omit<LogLine, "number"> | null {
    const entry = objectOf(raw);
    const text = entry?.["MESSAGE"];
    if (entry === null || typeof text !== "string") return null;
    const named = text.length > 0 ? text : "";
    const program = stringOf(entry["SYSLOG_IDENTIFIER"]) ?? stringOf(entry["_COMM"]);
    return {
      stamp: this.stamps.microseconds(stringOf(entry["__REALTIME_TIMESTAMP"]) ?? ""),
      host: stringOf(entry["_HOSTNAME"]),
      pid: stringOf(entry["_PID"]) ?? stringOf(entry["SYSLOG_PID"]),
      ...inner(named, program),
    };
  }

  #modern(raw: string): Omit<LogLine, "number"> | null {
    const [, time = "", host = "-", program = "-", pid = "-", text] = SYSLOG_5424.exec(raw) ?? [];
    if (text === undefined) return null;
    const known = (field: string): string | null => (field === "-" ? null : field);
    // A byte order mark says that the text is UTF-8.
    const said = text.replace(/^\ufeff/, "");
    return {
      stamp: this.stamps.take(time)?.stamp ?? null,
      host: known(host),
      pid: known(pid),
      ...inner(said, known(program)),
    };
  }

  #classic(raw: string): Omit<LogLine, "number"> {
    const bare = raw.replace(PRIORITY, "");
    const stamped = this.stamps.take(bare);
    const rest = (stamped?.rest ?? bare).trimStart();
    const stamp = stamped?.stamp ?? null;
    const own = tagged(rest);
    if (own !== null) return { stamp, host: null, ...own };
    const [, host, behind] = (stamp === null ? null : HOST.exec(rest)) ?? [];
    const named = behind === undefined ? null : tagged(behind);
    if (host !== undefined && named !== null) return { stamp, host, ...named };
    return { stamp, host: null, program: null, pid: null, text: rest };
  }
}

/** "dhclient[853]: text". What looks like one and names no known program is left as text, as dhcpcd's "eth0: text". */
function tagged(text: string): Pick<LogLine, "program" | "pid" | "text"> | null {
  const [, tag = "", pid, rest] = TAG.exec(text) ?? [];
  if (rest === undefined) return null;
  const program = programName(tag);
  if (program === null && pid === undefined) return null;
  const within = inner(rest, tag);
  return { program: within.program, pid: pid ?? null, text: within.text };
}

/** A program's own tag behind that of the logger, as where output of dnsmasq was logged by a script. */
function inner(text: string, outer: string | null): Pick<LogLine, "program" | "text"> {
  const [, tag = "", , rest] = TAG.exec(text) ?? [];
  const program = rest === undefined ? null : programName(tag);
  if (rest !== undefined && program !== null) return { program, text: rest };
  return { program: outer === null ? null : (programName(outer) ?? outer), text };
}

function objectOf(raw: string): Record<string, unknown> | null {
  try {
    const value: unknown = JSON.parse(raw);
    return isRecord(value) ? value : null;
  } catch {
    return null;
  }
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function stringOf(value: unknown): string | null {
  return typeof value === "string" ? value : null;
}
