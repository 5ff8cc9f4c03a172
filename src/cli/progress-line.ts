import type { Progress } from "../progress.js";

/** Rate and time left are those of the last few seconds. */
const WINDOW = 5;

/** One moment of the reading; seconds by any clock that is not set. */
interface Sample {
  readonly time: number;
  readonly bytes: number;
}

/** Puts into words how far reading has come: rates need what was before. */
export class ProgressLine {
  readonly #columns: () => number;
  readonly #samples: Sample[] = [];

  /** @param columns how wide the terminal is now */
  constructor(columns: () => number) {
    this.#columns = columns;
  }

  /** @param time seconds */
  text(progress: Progress, time: number): string {
    const { bytes } = progress;
    this.#samples.push({ time, bytes });
    while ((this.#samples[0]?.time ?? time) < time - WINDOW) this.#samples.shift();
    const first = this.#samples[0] ?? { time, bytes };
    const rate = time > first.time ? (bytes - first.bytes) / (time - first.time) : null;
    // A line that wraps is not erased by what follows; the last column makes some terminals wrap.
    return sentence(progress, rate).slice(0, Math.max(0, this.#columns() - 1));
  }
}

/** @param rate bytes a second; null: not known yet */
function sentence({ bytes, size, frames, dhcp, inputs }: Progress, rate: number | null): string {
  const of = inputs === 1 ? "" : ` ${inputs} inputs`;
  if (size === null) {
    const counts = `${grouped(frames)} frames, ${grouped(dhcp)} of them DHCP`;
    if (rate === 0) return `waiting for input${of}: ${counts}; Ctrl-C ends it with a report`;
    return `reading${of}: ${amount(bytes)}, ${counts}${rate === null ? "" : `, ${amount(rate)}/s`}`;
  }
  const share = size === 0 ? 100 : Math.min(100, Math.floor((100 * bytes) / size));
  const parts = [`reading${of}: ${share} %`, `${amount(bytes)} of ${amount(size)}`];
  if (rate !== null) parts.push(`${amount(rate)}/s`);
  if (rate !== null && rate > 0) parts.push(`${duration(Math.max(0, size - bytes) / rate)} left`);
  return parts.join(", ");
}

/** Powers of 1000, as disks and networks count. */
function amount(bytes: number): string {
  const power = Math.min(UNITS.length - 1, Math.max(0, Math.floor(Math.log10(Math.max(1, bytes)) / 3)));
  const value = bytes / 1000 ** power;
  return `${value < 10 && power > 0 ? value.toFixed(1) : Math.round(value)} ${UNITS[power] ?? ""}`;
}

const UNITS = ["B", "kB", "MB", "GB", "TB"];

function duration(seconds: number): string {
  const whole = Math.ceil(seconds);
  if (whole < 60) return `${whole} s`;
  if (whole < 3600) return `${Math.floor(whole / 60)} min ${whole % 60} s`;
  return `${Math.floor(whole / 3600)} h ${Math.floor((whole % 3600) / 60)} min`;
}

function grouped(count: number): string {
  return String(count).replaceAll(/\B(?=(\d{3})+$)/g, " ");
}
