import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { DAMAGE_CODES } from "../../src/explain/damage-codes.js";
import type { Block, Page } from "../../src/explain/page.js";
import { everyRemedy, isCode, PAGES } from "../../src/explain/pages.js";
import { isCommand } from "../../src/explain/remedy-text.js";
import type { Remedy } from "../../src/findings/remedies.js";
import { requireTool } from "../support/tools.js";

const pages = Object.entries(PAGES).map(([code, page]) => ({ code, page }));
const remedies = everyRemedy();

function* textsOf(page: Page): Generator<string> {
  yield page.title;
  for (const block of [...page.what, ...page.recognised, ...page.mistaken, ...page.todo]) yield* textsIn(block);
  if (page.example !== null) yield* [page.example.capture, page.example.says, ...page.example.lines, page.example.so];
  for (const { text, url } of page.sources) yield* [text, url ?? text];
}

function textsIn(block: Block): readonly string[] {
  if (typeof block === "string") return [block];
  return "list" in block ? block.list : [...block.table.head, ...block.table.rows.flat()];
}

function textsOfRemedy({ title, command, what, appliesWhen, limits, undo, check }: Remedy): string[] {
  return [title, command ?? "", what, appliesWhen, limits, undo ?? "", check];
}

describe("the page of", () => {
  it.each(pages)("$code is plain ASCII, and says what it is", ({ page }) => {
    for (const text of textsOf(page)) expect(text).toMatch(/^[\x20-\x7e]+$/);
    expect(page.what.length).toBeGreaterThan(0);
    expect(page.title).toMatch(/^(?!.*\.$)/);
  });

  it.each(pages.filter(({ page }) => page.remedies.length > 0))(
    "$code says how it is recognised and what to do",
    ({ code, page }) => {
      if (code === "lease-time") return;
      expect(page.recognised.length).toBeGreaterThan(0);
      expect(page.todo.length).toBeGreaterThan(0);
    },
  );

  it.each(pages)("$code names only codes and remedies that there are", ({ page }) => {
    const text = [...textsOf(page)].join("\n");
    const named = [...text.matchAll(/(?:see|that is|leasetap explain|page of) ([a-z]+(?:-[a-z]+)+)/g)];
    for (const [, name = ""] of named) expect(isCode(name) || remedies.some(({ id }) => id === name), name).toBe(true);
  });

  it("damage has every code that docs/formats.md lists, and no other", () => {
    const formats = readFileSync(new URL("../../docs/formats.md", import.meta.url), "utf8");
    const [, section = ""] = formats.split("\n## Damage\n");
    const listed = [...section.matchAll(/^\| (`[^|]*`) \|/gm)].flatMap(([, codes = ""]) =>
      [...codes.matchAll(/`([a-z0-9-]+)`/g)].map(([, code = ""]) => code),
    );
    expect(Object.keys(DAMAGE_CODES).sort()).toEqual(listed.sort());
  });
});

/** Commands that change nothing. */
const LOOKS =
  /^(?:(?:tcpdump|chronyc tracking|ss|journalctl|virsh dom(?:state|info)|nft list|grep|systemctl status|leasetap|nmap|arping|ip -4 address show|bridge -d link show|ebtables -L)\b|$)/;

describe("the remedy", () => {
  it.each(remedies)("$id has its five parts, in plain ASCII", (remedy) => {
    const { id, title, command, what, appliesWhen, limits, undo, check } = remedy;
    for (const text of textsOfRemedy(remedy)) expect(text).toMatch(/^[\x20-\x7e]*$/);
    expect(id).toMatch(/^[a-z]+(-[a-z]+)*$/);
    expect(isCode(id)).toBe(false);
    expect(title).toMatch(/^[A-Z].*[^.]$/);
    for (const sentence of [what, limits, check]) expect(sentence).toMatch(/^[A-Za-z].*\.$/);
    expect(appliesWhen).toMatch(/^(?:[a-z]|[A-Z]{2}).*\.$/);
    expect(command === null && id !== "nothing", "has a command").toBe(false);
    if (undo === null) expect(command ?? "", "only looks").toMatch(LOOKS);
  });

  it("has a name of its own", () => {
    expect(new Set(remedies.map(({ id }) => id)).size).toBe(remedies.length);
    expect(new Set(remedies.map(({ title }) => title)).size).toBe(remedies.length);
  });

  it.each(remedies)("$id: its commands are sound shell", ({ command, undo }) => {
    const bash = requireTool("bash");
    for (const text of [command, undo !== null && isCommand(undo) ? undo : null]) {
      if (text === null) continue;
      const { status, stderr } = spawnSync(bash, ["-n"], { input: text, encoding: "utf8" });
      expect([status, stderr], text).toEqual([0, ""]);
    }
  });

  it.each(remedies)("$id: what is to be filled in is explained", ({ command, undo }) => {
    const table = JSON.stringify(PAGES.names.what);
    const known = new Set(table.match(/[A-Z]{2,}(?:-[A-Z]+)*/g));
    for (const text of [command, undo !== null && isCommand(undo) ? undo : null]) {
      // Chains, targets and flags of other programs are in capitals as well.
      const names = (text ?? "").match(/(?<![-\w=])[A-Z]{3,}(?:-[A-Z]+)*(?![\w=])/g) ?? [];
      for (const name of names) expect(known.has(name) || THEIRS.has(name), name).toBe(true);
    }
  });
});

const THEIRS = new Set(["POSTROUTING", "CHECKSUM"]);
