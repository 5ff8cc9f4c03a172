/** Whom a client's lines are about: one interface of one host, by one program. */
export interface Speaker {
  readonly host: string | null;
  readonly program: string;
  /** null until a line names it. */
  device: string | null;
}

/** More clients than any log of a guest or a host has. */
const MOST = 10_000;

/** Tells which client's lines belong together: many lines name no interface, and mean the one that was named before. */
export class Speakers<T extends Speaker> {
  readonly #known = new Map<string, T>();
  /** The client that a process speaks of. */
  readonly #spoke = new Map<string, T>();

  constructor(private readonly create: (host: string | null, program: string, device: string | null) => T) {}

  all(): T[] {
    return [...this.#known.values()];
  }

  /** @returns null where there are too many */
  of(host: string | null, pid: string | null, program: string, device: string | null): T | null {
    const process = `${host ?? ""} ${program} ${pid ?? ""}`;
    const spoke = this.#spoke.get(process);
    if (device === null && spoke !== undefined) return spoke;
    const key = `${host ?? ""} ${program} ${device ?? ""}`;
    let speaker = this.#known.get(key);
    if (speaker === undefined && spoke?.device === null) {
      // What a process said before it named its interface was about that one.
      speaker = spoke;
      speaker.device = device;
      this.#known.delete(`${host ?? ""} ${program} `);
      this.#known.set(key, speaker);
    }
    if (speaker === undefined) {
      if (this.#known.size >= MOST) return null;
      speaker = this.create(host, program, device);
      this.#known.set(key, speaker);
    }
    if (this.#spoke.size < MOST) this.#spoke.set(process, speaker);
    return speaker;
  }
}
