import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { join } from "node:path";
import { describeUnless } from "./skip.js";

const root = fileURLToPath(new URL("../../../shared", import.meta.url));

/** A file or folder below `shared`, the folder of recordings that may stand beside a checkout; null where it is absent. */
export function sharedPath(...parts: string[]): string | null {
  const path = join(root, ...parts);
  return existsSync(path) ? path : null;
}

/** Why tests that need `shared` cannot run; null: they can. */
export function skipReason(): string | null {
  return sharedPath() === null ? "needs the recordings of ../shared, which is not beside this checkout" : null;
}

/** `describe` for tests that need `shared`, with its path; where it is absent, they are skipped and say so. */
export function describeWithShared(name: string, body: (shared: string) => void): void {
  describeUnless(skipReason(), name, () => body(root));
}
