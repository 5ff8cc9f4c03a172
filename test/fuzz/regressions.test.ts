import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { check, everyChoice } from "./properties.js";

const folder = fileURLToPath(new URL("regressions/", import.meta.url));
const names = readdirSync(folder)
  .filter((name) => name.endsWith(".bin"))
  .map((name) => name.slice(0, -4))
  .sort();

function checkFile(name: string): void {
  const bytes = Uint8Array.from(readFileSync(join(folder, `${name}.bin`)));
  for (const choices of everyChoice()) check(bytes, choices);
}

describe("inputs that once showed something", () => {
  it.each(names)("%s", (name) => {
    checkFile(name);
  });

  it("are there", () => {
    expect(names).not.toEqual([]);
  });
});
