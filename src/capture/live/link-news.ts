import { spawn, type ChildProcess } from "node:child_process";

/** Ends with its standard input, however this program ends. What it prints is what `ip` prints. */
const FOLLOW = "ip -o monitor link & exec >/dev/null; read -r end; kill $!";
/** Milliseconds to wait for more of the same: an interface comes in several steps, and a capture process ends by itself. */
const SETTLED = 250;

/**
 * Hears of interfaces as they come, go and change, from the kernel (rtnetlink(7)), by way of iproute2: so that nobody has
 * to look again and again.
 */
export class LinkNews {
  readonly #child: ChildProcess;
  #settling: NodeJS.Timeout | null = null;

  /**
   * @param changed something is another way than it was
   * @param silent nothing more will be heard: there is no `ip`, or not a full one
   */
  constructor(changed: () => void, silent: () => void) {
    this.#child = spawn("/bin/sh", ["-c", FOLLOW], { stdio: ["pipe", "pipe", "ignore"] });
    this.#child.on("error", silent);
    this.#child.stdin?.on("error", () => undefined);
    this.#child.stdout?.on("end", silent).on("data", () => {
      this.#settling ??= setTimeout(() => {
        this.#settling = null;
        changed();
      }, SETTLED);
    });
  }

  end(): void {
    if (this.#settling !== null) clearTimeout(this.#settling);
    this.#child.removeAllListeners();
    this.#child.stdout?.removeAllListeners().resume();
    this.#child.stdin?.end();
  }
}
