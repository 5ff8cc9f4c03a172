import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import ts from "typescript";
import { afterAll, describe, expect, inject, it } from "vitest";
import { pcaps } from "../support/program.js";

const root = fileURLToPath(new URL("../../", import.meta.url));
const page = readFileSync(join(root, "docs/library.md"), "utf8");

/** Each example with what it prints, as the page shows both. */
const examples = [...page.matchAll(/^## ([^\n]*)$|```ts\n(.*?)```\n\n```text\n(.*?)```/gms)]
  .reduce<Example[]>((found, [, heading, code, output]) => {
    const title = heading ?? found.at(-1)?.title ?? "";
    return [...found, { title, code: code ?? "", output: output ?? "" }];
  }, [])
  .filter(({ code }) => code !== "");

interface Example {
  readonly title: string;
  readonly code: string;
  readonly output: string;
}

describe("the examples of docs/library.md", () => {
  const folder = mkdtempSync(join(tmpdir(), "leasetap-library-"));
  // A user's project: without one, a package.json above would say what "leasetap" is.
  writeFileSync(join(folder, "package.json"), '{ "type": "module" }');
  mkdirSync(join(folder, "node_modules"));
  symlinkSync(join(dirname(inject("program")), "../.."), join(folder, "node_modules/leasetap"));
  afterAll(() => rmSync(folder, { recursive: true }));

  it("each show what they print", () => {
    expect(page.match(/```ts\n/g)).toHaveLength(examples.length);
    expect(examples.length).toBeGreaterThan(5);
  });

  it("have the types that they say", () => {
    const names = examples.map(({ code }, index) => {
      const name = join(folder, `example-${index}.ts`);
      writeFileSync(name, code);
      return name;
    });
    const paths = { leasetap: [join(root, "src/index.ts")] };
    const options = { ...strictest(), paths, typeRoots: [join(root, "node_modules/@types")] };
    const program = ts.createProgram(names, options);
    const complaints = ts.getPreEmitDiagnostics(program).map(({ messageText, file }) => {
      return `${file?.fileName ?? ""}: ${ts.flattenDiagnosticMessageText(messageText, "\n")}`;
    });
    expect(complaints).toEqual([]);
  });

  it.each(examples.map((example, index) => ({ ...example, index })))("$index: $title", ({ code, output, index }) => {
    const { outputText } = ts.transpileModule(code, {
      compilerOptions: { target: ts.ScriptTarget.ES2023, module: ts.ModuleKind.ESNext, verbatimModuleSyntax: true },
    });
    const script = join(folder, `example-${index}.mjs`);
    writeFileSync(script, outputText);
    const env = { PATH: process.env["PATH"] };
    const { stdout, stderr, status } = spawnSync(process.execPath, [script], {
      cwd: join(pcaps, "s02-offload-ack"),
      env,
      encoding: "utf8",
    });
    expect({ stdout, stderr, status }).toEqual({ stdout: output, stderr: "", status: 0 });
  });
});

/** As this project is compiled itself. */
function strictest(): ts.CompilerOptions {
  const read = ts.readConfigFile(join(root, "tsconfig.json"), (path) => ts.sys.readFile(path));
  const config: unknown = read.config;
  return ts.parseJsonConfigFileContent(config, ts.sys, root).options;
}
