import { writeLines } from "./output.js";

/** Lines that come now and then, written in their order. */
export class LineQueue {
  #lines: string[] = [];
  #writing: Promise<void> | null = null;
  #failure: Error | null = null;

  /** @param closed called once when the reader has gone away, or the lines cannot be written */
  constructor(
    private readonly stream: NodeJS.WriteStream,
    private readonly closed: () => void,
  ) {}

  add(line: string): void {
    this.#lines.push(line);
    this.#writing ??= this.#write();
  }

  /**
   * Returns when all lines have been taken.
   *
   * @throws EnvironmentError if they cannot be written
   */
  async settled(): Promise<void> {
    while (this.#writing !== null) await this.#writing;
    if (this.#failure !== null) throw this.#failure;
  }

  async #write(): Promise<void> {
    try {
      while (this.#lines.length > 0) {
        if (!(await writeLines(this.stream, this.#lines.splice(0)))) this.closed();
      }
    } catch (error) {
      this.#failure ??= error instanceof Error ? error : new Error(String(error));
      this.closed();
    }
    this.#writing = null;
  }
}
