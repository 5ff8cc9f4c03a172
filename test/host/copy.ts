import type { System } from "../../src/host/system.js";

/** A host given as its files, links and the answers of its commands. */
export class CopiedSystem implements System {
  readonly denied = new Set<string>();
  readonly absent = new Set<string>();

  constructor(
    private readonly files: Readonly<Record<string, string>>,
    private readonly links: Readonly<Record<string, string>> = {},
    private readonly answers: Readonly<Record<string, string>> = {},
  ) {}

  read(path: string): string | null {
    return this.files[path] ?? null;
  }

  readBytes(path: string): Uint8Array | null {
    const text = this.files[path];
    return text === undefined ? null : Buffer.from(text, "latin1");
  }

  list(path: string): readonly string[] {
    const below = [...Object.keys(this.files), ...Object.keys(this.links)]
      .filter((file) => file.startsWith(`${path}/`))
      .map((file) => file.slice(path.length + 1).split("/")[0] ?? "");
    return [...new Set(below)];
  }

  link(path: string): string | null {
    return this.links[path] ?? null;
  }

  run(command: string, args: readonly string[]): Promise<string | null> {
    const known = Object.keys(this.answers).some((line) => line.split(" ")[0] === command);
    if (!known) this.absent.add(command);
    return Promise.resolve(this.answers[[command, ...args].join(" ")] ?? null);
  }
}
