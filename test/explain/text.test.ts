import { stripVTControlCharacters } from "node:util";
import { describe, expect, it } from "vitest";
import { find } from "../../src/explain/find.js";
import type { Code } from "../../src/explain/page.js";
import { everyRemedy, isCode, PAGES } from "../../src/explain/pages.js";
import { listLines, pageLines, remedyLines } from "../../src/explain/text.js";
import type { TextStyle } from "../../src/report/text-style.js";

const PLAIN: TextStyle = { columns: 80, color: false, unicode: false };
const codes = Object.keys(PAGES).filter(isCode);

function page(code: Code, style: Partial<TextStyle> = {}): string[] {
  return [...pageLines({ kind: "page", code, message: null, reading: null }, { ...PLAIN, ...style })];
}

/** Without line ends, so that a sentence can be looked for. */
function flat(lines: readonly string[]): string {
  return lines.join(" ").replace(/\s+/g, " ");
}

describe.each([80, 40])("at %i columns", (columns) => {
  it.each(codes)("the page of %s keeps to the width, except where a word would break", (code) => {
    for (const line of page(code, { columns })) {
      if (line.length <= columns) continue;
      expect(line.trim()).toMatch(/^(?:\S+|\S*['"].*['"]\S*)(?: \\)?$/);
    }
  });

  it("the list does as well", () => {
    for (const line of listLines({ ...PLAIN, columns })) expect(line.length).toBeLessThanOrEqual(columns);
  });
});

describe("a page", () => {
  it("is the same with Unicode and without: it is plain ASCII", () => {
    for (const code of codes) expect(page(code, { unicode: true })).toEqual(page(code));
  });

  it("says with colour nothing that it does not say without", () => {
    for (const code of codes) expect(page(code, { color: true }).map(stripVTControlCharacters)).toEqual(page(code));
  });

  it("has its parts in order, and the commands ready to paste", () => {
    const lines = page("offload-partial");
    const parts = ["What it is", "How it is recognised", "Often mistaken for", "What to do", "Sources"];
    expect(lines.filter((line) => parts.includes(line))).toEqual(parts);
    const start = lines.findIndex((line) => line.includes("iptables -t mangle -A"));
    const command = lines.slice(start, start + 2).join("\n");
    expect(command.replace(/ \\\n */, " ").trim()).toBe(
      "iptables -t mangle -A POSTROUTING -p udp --dport 68 -j CHECKSUM --checksum-fill",
    );
  });

  it("spells the common test out once", () => {
    const text = flat(page("offload-partial"));
    expect(text.split("A capture on TAP then shows good checksums on replies").length - 1).toBe(1);
    expect(text).toContain("The next renewal, as above.");
  });

  it("that a line led to begins with what the line proves", () => {
    const found = find("5 bad udp checksums in 5 packets");
    if (found.kind !== "page") throw new Error("no page");
    const text = flat([...pageLines(found, PLAIN)]);
    expect(text).toMatch(/^Such a line is printed by ISC dhclient.* All 5 packets .* checksum-rejected: /);
  });
});

describe("a remedy", () => {
  it.each(everyRemedy())("$id shows all its parts", (remedy) => {
    const text = flat([...remedyLines(remedy, PLAIN)]);
    for (const label of [" If ", " Not ", " Undo ", " Check "]) expect(text).toContain(label);
    expect(text).toContain(`${remedy.title} (${remedy.id})`);
  });
});

describe("the list", () => {
  it("names every code and every remedy once", () => {
    const names = [...listLines(PLAIN)].map((line) => /^ {2}([a-z]+(?:-[a-z]+)*) {2}/.exec(line)?.[1]);
    for (const name of [...codes, ...everyRemedy().map(({ id }) => id)]) {
      expect([name, names.filter((found) => found === name).length]).toEqual([name, 1]);
    }
  });
});
