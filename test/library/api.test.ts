import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import * as library from "../../src/index.js";

const root = fileURLToPath(new URL("../../", import.meta.url));
const page = readFileSync(new URL("../../docs/api.md", import.meta.url), "utf8");

describe("docs/api.md", () => {
  it("is what src/index.ts exports today, all of it documented (npm run api writes it)", () => {
    const printed = execFileSync(process.execPath, ["scripts/api.mjs", "--print"], { cwd: root, encoding: "utf8" });
    expect(printed).toBe(page);
  });

  it("names everything that can be imported", () => {
    for (const name of Object.keys(library)) expect(page).toContain(`\n### ${name}\n`);
  });
});
