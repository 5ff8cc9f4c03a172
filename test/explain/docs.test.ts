import { spawnSync } from "node:child_process";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { docs } from "../../src/explain/docs.js";
import { requireTool } from "../support/tools.js";

const root = fileURLToPath(new URL("../../", import.meta.url));
const files = [
  "README.md",
  ...readdirSync(join(root, "docs"))
    .filter((name) => name.endsWith(".md"))
    .map((name) => `docs/${name}`),
];

const read = (file: string): string => readFileSync(join(root, file), "utf8");

describe("docs/", () => {
  it.each([...docs()])("%s is what src/explain says (npm run docs writes it)", (name, text) => {
    expect(read(`docs/${name}`)).toBe(text);
  });

  it.each(files)("%s: every link within the project leads somewhere", (file) => {
    for (const target of linksOf(read(file))) {
      if (/^[a-z]+:/.test(target)) continue;
      const [path = "", anchor] = target.split("#");
      const aim = path === "" ? file : join(dirname(file), decodeURIComponent(path));
      expect(existsSync(join(root, aim)), `${target} in ${file}`).toBe(true);
      if (anchor === undefined || !aim.endsWith(".md")) continue;
      expect(anchorsOf(read(aim)), `${target} in ${file}`).toContain(anchor);
    }
  });

  it.each(files)("%s: addresses are whole", (file) => {
    for (const target of linksOf(read(file))) {
      if (/^https?:/.test(target)) expect(new URL(target).hostname).toMatch(/\.[a-z]+$/);
    }
  });

  it.each(files)("%s: what is to be typed is sound shell", (file) => {
    const bash = requireTool("bash");
    for (const [, block = ""] of read(file).matchAll(/^```sh\n(.*?)^```$/gms)) {
      const { status, stderr } = spawnSync(bash, ["-n"], { input: block, encoding: "utf8" });
      expect([status, stderr], block).toEqual([0, ""]);
    }
  });

  it("scenarios.md names every recording", () => {
    const page = read("docs/scenarios.md");
    for (const entry of readdirSync(join(root, "pcaps"), { withFileTypes: true })) {
      if (entry.isDirectory()) expect(page, entry.name).toContain(`](../pcaps/${entry.name}/README.md)`);
    }
  });

  it("README.md there names every page", () => {
    const index = read("docs/README.md");
    for (const file of files.slice(1)) {
      const name = file.slice("docs/".length);
      if (name !== "README.md") expect(index, name).toContain(`](${name})`);
    }
  });
});

/** Targets of [text](target), also where a line ends within the text; code is left out. */
function linksOf(markdown: string): string[] {
  const prose = markdown
    .replace(/^```.*?^```$/gms, "")
    .replace(/^ {4}.*$/gm, "")
    .replace(/`[^`\n]*`/g, "");
  return [...prose.matchAll(/\]\(([^()\s]+)\)/g)].map(([, target = ""]) => target);
}

/** As GitHub makes them of headings. */
function anchorsOf(markdown: string): string[] {
  const headings = markdown.replace(/^```.*?^```$/gms, "").matchAll(/^#{1,6} (.*)$/gm);
  return [...headings].map(([, text = ""]) =>
    text
      .toLowerCase()
      .replace(/[^\p{L}\p{N}\s_-]/gu, "")
      .trim()
      .replaceAll(" ", "-"),
  );
}
