import { printable } from "../capture/printable.js";
import { writeError } from "./standard-error.js";

/** One sentence on standard error. Its reader may be gone; then nobody needs it. */
export function complain(sentence: string): void {
  writeError(`leasetap: ${printable(sentence)}\n`);
}
