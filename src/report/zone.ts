/** The clock by which a report writes its times. Records are always in UTC. */
export interface Zone {
  /** Seconds east of UTC at a moment (seconds since 1970). */
  offsetAt(seconds: number): number;
  /** "UTC" where that is what was asked for, or what the machine keeps; else the offset is written. */
  readonly label: "UTC" | null;
}

export const UTC: Zone = { offsetAt: () => 0, label: "UTC" };

/** Seconds since 1970 that a Date can hold. */
const CALENDAR = 8.64e12;

/** The zone of this machine, or of the environment variable TZ. */
export function localZone(): Zone {
  // Date knows this one zone, and Intl takes longer to load than a small capture to be read.
  const offsetAt = (seconds: number): number => {
    const within = Math.max(-CALENDAR, Math.min(CALENDAR, seconds));
    return -60 * new Date(within * 1000).getTimezoneOffset();
  };
  return SEASONS.every((moment) => offsetAt(moment) === 0) ? UTC : { offsetAt, label: null };
}

/** A zone that is UTC in both is UTC all year. */
const SEASONS = [Date.UTC(2026, 0) / 1000, Date.UTC(2026, 6) / 1000];

/**
 * A zone by its name in the time zone database ("Europe/Berlin"), by a fixed offset ("+05:30"), or "UTC" or "local".
 *
 * @returns null for a name that the database does not have
 */
export function namedZone(name: string): Zone | null {
  if (/^(?:utc|z|etc\/utc)$/i.test(name)) return UTC;
  if (name.toLowerCase() === "local") return localZone();
  const fixed = OFFSET.exec(name);
  if (fixed !== null) {
    const offset = offsetOf(fixed);
    return offset === null ? null : { offsetAt: () => offset, label: null };
  }
  try {
    return fromDatabase(new Intl.DateTimeFormat("en-US", { timeZone: name, timeZoneName: "longOffset" }));
  } catch (error) {
    if (error instanceof RangeError) return null;
    throw error;
  }
}

const OFFSET = /^(?:GMT|UTC)?([+-])(\d{1,2})(?::?(\d{2}))?(?::(\d{2}))?$/;

/** No zone is farther from UTC, in hours. */
const FARTHEST = 18;

function offsetOf([, sign, hours = "0", minutes = "0", seconds = "0"]: RegExpExecArray): number | null {
  if (Number(hours) > FARTHEST || Number(minutes) > 59 || Number(seconds) > 59) return null;
  return (sign === "-" ? -1 : 1) * (Number(hours) * 3600 + Number(minutes) * 60 + Number(seconds));
}

/** Zones change their offset on a quarter of an hour; until the next one the last answer holds. */
const QUARTER = 900;

function fromDatabase(format: Intl.DateTimeFormat): Zone {
  let quarter = NaN;
  let offset = 0;
  return {
    label: null,
    offsetAt: (seconds) => {
      const now = Math.floor(Math.max(-CALENDAR, Math.min(CALENDAR, seconds)) / QUARTER);
      if (now === quarter) return offset;
      const name = format.formatToParts(now * QUARTER * 1000).find(({ type }) => type === "timeZoneName")?.value ?? "";
      const match = OFFSET.exec(name);
      quarter = now;
      offset = match === null ? 0 : (offsetOf(match) ?? 0);
      return offset;
    },
  };
}

/** "+01:00", or "UTC". */
export function zoneLabel(zone: Zone, seconds: number): string {
  return zone.label ?? offsetLabel(zone.offsetAt(seconds));
}

function offsetLabel(offset: number): string {
  const minutes = Math.round(Math.abs(offset) / 60);
  const two = (value: number): string => String(value).padStart(2, "0");
  return `${offset < 0 ? "-" : "+"}${two(Math.floor(minutes / 60))}:${two(minutes % 60)}`;
}
