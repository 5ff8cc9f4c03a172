/**
 * A date of ISC's lease files: "W YYYY/MM/DD HH:MM:SS" in UTC, where W is the day of the week and numbers need no leading
 * zeros, "epoch SECONDS", or "never".
 *
 * @returns seconds since 1970; Infinity for never; null for anything else
 */
export function iscDate(words: readonly string[]): number | null {
  const [first, date = "", clock = ""] = words;
  if (first === "never") return Infinity;
  if (first === "epoch") return /^\d{1,12}$/.test(date) ? Number(date) : null;
  const [, year, month, day] = /^(\d{4})\/(\d{1,2})\/(\d{1,2})$/.exec(date) ?? [];
  const [, hours, minutes, seconds] = /^(\d{1,2}):(\d{1,2}):(\d{1,2})$/.exec(clock) ?? [];
  if (year === undefined || hours === undefined) return null;
  const midnight = new Date(Date.UTC(Number(year), Number(month) - 1, Number(day)));
  const isDay = midnight.getUTCMonth() === Number(month) - 1;
  if (!isDay || Number(hours) > 23 || Number(minutes) > 59 || Number(seconds) > 60) return null;
  return midnight.getTime() / 1000 + 3600 * Number(hours) + 60 * Number(minutes) + Number(seconds);
}
