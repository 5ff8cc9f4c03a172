/** Asks a switch that is no bridge of Linux for its ports; some of them may be no interfaces of this host. */
export type AskForPorts = () => Promise<readonly string[]>;

/** The ports of such a switch, as they were told last. */
export class SwitchPorts {
  names: readonly string[] = [];
  #asking = false;
  #again = false;

  constructor(
    private readonly ask: AskForPorts,
    private readonly changed: () => void,
  ) {}

  /** Asks again; what was asked for while an answer is awaited is asked for after it. */
  async renew(): Promise<void> {
    this.#again = true;
    if (this.#asking) return;
    this.#asking = true;
    while (this.#again) {
      this.#again = false;
      const names = await this.ask();
      if (names.join() === this.names.join()) continue;
      this.names = names;
      this.changed();
    }
    this.#asking = false;
  }
}
