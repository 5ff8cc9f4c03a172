import { printable } from "../capture/printable.js";

/** One sentence on standard error. Its reader may be gone; then nobody needs it. */
export function complain(sentence: string): void {
  process.stderr.write(`leasetap: ${printable(sentence)}\n`);
}
