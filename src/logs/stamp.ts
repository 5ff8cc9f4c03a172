/** When a line was written. */
export interface Stamp {
  /** Seconds since 1970 UTC; where the line has no day, the first day of the log counts as the first of 1970. */
  readonly time: number;
  /** The line has a day. */
  readonly dated: boolean;
  /** The text of the stamp as the log has it. */
  readonly shown: string;
}

/** Seconds east of UTC that clocks are set to, at a moment (seconds since 1970). */
export interface ClockZone {
  offsetAt(seconds: number): number;
}

export interface StampOptions {
  /** The year of the first line, for stamps that have none (RFC 3164); null: the latest that is not after `written`. */
  readonly year: number | null;
  /** By whose clock stamps are that say no zone. */
  readonly zone: ClockZone;
  /** Seconds since 1970 at which the log was last written. */
  readonly written: number;
}

const MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];
const SYSLOG = /^([A-Z][a-z]{2}) +(\d{1,2}) (?:(\d{4}) )?(\d\d):(\d\d):(\d\d)((?:\.\d{1,9})?)(?= |:|$)/;
const ISO = /^(\d{4})-(\d\d)-(\d\d)[T ](\d\d):(\d\d):(\d\d)((?:[.,]\d{1,9})?) ?(Z|[+-]\d\d:?\d\d)?(?= |$)/;
const CLOCK = /^(\d\d):(\d\d):(\d\d)((?:\.\d{1,9})?)(?= |$)/;
/** With fractions, so that no other number passes for it: 2001 to 2286. */
const EPOCH = /^(\d{10}\.\d{1,9})(?= |$)/;
const DAY = 86_400;
/** A log's days do not go back by half a year: the year has changed. */
const HALF_YEAR = 183 * DAY;

/** Reads the stamps at the beginning of the lines of one log, which come in the order of time. */
export class StampReader {
  readonly #options: StampOptions;
  #year: number;
  #last = NaN;
  #day = 0;

  constructor(options: StampOptions) {
    this.#options = options;
    this.#year = options.year ?? NaN;
  }

  /** The stamp at the beginning of the text and what follows it; null: there is none. */
  take(text: string): { stamp: Stamp; rest: string } | null {
    return this.#syslog(text) ?? this.#iso(text) ?? this.#epoch(text) ?? this.#clock(text);
  }

  /** __REALTIME_TIMESTAMP: microseconds since 1970. */
  microseconds(text: string): Stamp | null {
    if (!/^\d{1,17}$/.test(text)) return null;
    const time = Number(text) / 1e6;
    return { time, dated: true, shown: new Date(time * 1000).toISOString().replace("T", " ").slice(0, 19) };
  }

  #syslog(text: string): { stamp: Stamp; rest: string } | null {
    const [shown, month = "", day = "", year, hours = "", minutes = "", seconds = "", fraction = ""] =
      SYSLOG.exec(text) ?? [];
    const index = MONTHS.indexOf(month);
    if (shown === undefined || index === -1) return null;
    const inYear = (of: number): number =>
      this.#utc(seconds1970(of, index, Number(day), hours, minutes, seconds, fraction));
    const time = year === undefined ? this.#yearly(inYear) : inYear(Number(year));
    return { stamp: { time, dated: true, shown }, rest: text.slice(shown.length) };
  }

  /** What clocks of the zone show, as UTC; in the hour that they show twice, one of the two. */
  #utc(local: number): number {
    const { zone } = this.#options;
    return local - zone.offsetAt(local - zone.offsetAt(local));
  }

  #yearly(inYear: (year: number) => number): number {
    if (Number.isNaN(this.#year)) this.#year = yearNotAfter(this.#options.written + DAY, inYear);
    const next = inYear(this.#year + 1);
    // A clock that was not set yet, as in a guest that has just started, goes back by more without a new year.
    if (inYear(this.#year) < this.#last - HALF_YEAR && next <= this.#options.written + DAY) this.#year += 1;
    this.#last = inYear(this.#year);
    return this.#last;
  }

  #iso(text: string): { stamp: Stamp; rest: string } | null {
    const [shown, year = "", month = "", day = "", hours = "", minutes = "", seconds = "", fraction = "", zone] =
      ISO.exec(text) ?? [];
    if (shown === undefined) return null;
    const local = seconds1970(Number(year), Number(month) - 1, Number(day), hours, minutes, seconds, fraction);
    const time = zone === undefined ? this.#utc(local) : local - 60 * minutesOf(zone);
    return { stamp: { time, dated: true, shown: shown.trimEnd() }, rest: text.slice(shown.length) };
  }

  #epoch(text: string): { stamp: Stamp; rest: string } | null {
    const [shown] = EPOCH.exec(text) ?? [];
    if (shown === undefined) return null;
    return { stamp: { time: Number(shown), dated: true, shown }, rest: text.slice(shown.length) };
  }

  #clock(text: string): { stamp: Stamp; rest: string } | null {
    const [shown, hours = "", minutes = "", seconds = "", fraction = ""] = CLOCK.exec(text) ?? [];
    if (shown === undefined) return null;
    const inDay = Number(hours) * 3600 + Number(minutes) * 60 + Number(seconds) + Number(`0${fraction}`);
    if (this.#day + inDay < this.#last - DAY / 2) this.#day += DAY;
    this.#last = this.#day + inDay;
    const { zone, written } = this.#options;
    const time = this.#last - zone.offsetAt(written);
    return { stamp: { time, dated: false, shown }, rest: text.slice(shown.length) };
  }
}

function seconds1970(
  year: number,
  month: number,
  day: number,
  hours: string,
  minutes: string,
  seconds: string,
  fraction: string,
): number {
  const midnight = Date.UTC(year, month, day) / 1000;
  const part = fraction === "" ? 0 : Number(`0.${fraction.slice(1)}`);
  return midnight + Number(hours) * 3600 + Number(minutes) * 60 + Number(seconds) + part;
}

function yearNotAfter(latest: number, inYear: (year: number) => number): number {
  const year = new Date(latest * 1000).getUTCFullYear();
  return inYear(year) <= latest ? year : year - 1;
}

/** Minutes east of UTC for "Z", "+01:00", "-0330". */
export function minutesOf(zone: string): number {
  if (zone === "Z") return 0;
  const minutes = Number(zone.slice(1, 3)) * 60 + Number(zone.slice(-2));
  return zone.startsWith("-") ? -minutes : minutes;
}
