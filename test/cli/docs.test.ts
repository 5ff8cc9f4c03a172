import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { ExitCode } from "../../src/cli/exit-codes.js";
import { isJson } from "../support/program.js";
import { validateRecord } from "../support/validate.js";

const page = readFileSync(new URL("../../docs/json.md", import.meta.url), "utf8");

describe("docs/json.md", () => {
  it("shows records as they are today", () => {
    const blocks = [...page.matchAll(/```json\n(.*?)\n```/gs)].map(([, block = ""]) => block);
    const records = blocks
      .flatMap((block) => block.split(/(?<=\n\}|^\{.*\})\n(?=\{)/m))
      .map((text): unknown => {
        return JSON.parse(text.replaceAll(/,\s*…(?=\s*\])/g, ""));
      });
    expect(records.map((record) => isJson(record) && record["type"])).toEqual([
      "start",
      "input",
      "frame",
      "lease",
      "renewal",
      "server",
      "finding",
      "summary",
    ]);
    for (const record of records) expect(validateRecord(record)).toEqual([]);
  });

  it("names every exit code", () => {
    for (const code of Object.values(ExitCode)) expect(page).toContain(`\n| ${code} | `);
  });
});
