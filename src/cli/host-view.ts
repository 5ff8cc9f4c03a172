import { closeSync, openSync, readSync } from "node:fs";
import { readHost } from "../host/read-host.js";
import { LocalSystem } from "../host/system.js";
import { viewOf, type HostView } from "../host/view.js";
import { readRecorded } from "./host-recording.js";

/** The value of --host: a recording of `leasetap doctor`, or this machine. */
export type HostOption = string | true;

/**
 * The host that --host names.
 *
 * @throws EnvironmentError if the recording cannot be read
 */
export async function hostViewOf(option: HostOption): Promise<HostView> {
  return viewOf(option === true ? await readHost(new LocalSystem()) : readRecorded(option));
}

/**
 * `analyze --host bridge.pcap` asks for this machine and names a capture: what stands behind the option is a recording
 * of a host only if it looks like one.
 */
export function withoutCapture(
  files: readonly string[],
  option: HostOption,
): { readonly files: readonly string[]; readonly host: HostOption } {
  if (typeof option !== "string" || beginsAsJson(option)) return { files, host: option };
  return { files: [option, ...files], host: true };
}

/** A capture begins with other bytes. */
function beginsAsJson(path: string): boolean {
  try {
    const file = openSync(path, "r");
    try {
      const first = Buffer.alloc(1);
      return readSync(file, first) === 1 && first.toString() === "{";
    } finally {
      closeSync(file);
    }
  } catch {
    return path.endsWith(".json");
  }
}

/** Seconds after which what is known of this machine is read anew, if it is asked for. */
const FRESH = 60;

/** This machine while it is watched: guests come and go, and so do their ports. */
export class WatchedHost {
  #view: HostView | null = null;
  #read = -Infinity;
  #reading: Promise<void> | null = null;

  /** @param monotonic in milliseconds */
  constructor(private readonly monotonic: () => number) {
    void this.renew();
  }

  /** As it was at most a minute before the last time that this was asked; null: not read yet. */
  get view(): HostView | null {
    if (this.monotonic() - this.#read > FRESH * 1000) void this.renew();
    return this.#view;
  }

  /** Reads it anew; returns when that is done. */
  renew(): Promise<void> {
    this.#reading ??= this.#renew().finally(() => {
      this.#reading = null;
    });
    return this.#reading;
  }

  async #renew(): Promise<void> {
    this.#read = this.monotonic();
    this.#view = viewOf(await readHost(new LocalSystem()));
  }
}
