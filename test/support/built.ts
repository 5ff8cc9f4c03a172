import { execFileSync } from "node:child_process";
import {
  cpSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, relative } from "node:path";
import { fileURLToPath } from "node:url";
import ts from "typescript";
import type { TestProject } from "vitest/node";

declare module "vitest" {
  interface ProvidedContext {
    /** The built program: what `leasetap` starts. */
    program: string;
    /** The same as modules, before they were made one file. */
    modules: string;
  }
}

const root = fileURLToPath(new URL("../../", import.meta.url));

const home = mkdtempSync(join(tmpdir(), "leasetap-test-"));

/**
 * Builds src once for all tests that start the program; types are for `npm run typecheck`. It is one file, as published:
 * hundreds of tests start it, and modules take thrice as long.
 */
export function setup(project: TestProject): void {
  symlinkSync(join(root, "node_modules"), join(home, "node_modules"));
  cpSync(join(root, "package.json"), join(home, "package.json"));
  cpSync(join(root, "docs"), join(home, "docs"), { recursive: true });
  for (const path of sources(join(root, "src"))) {
    const target = join(home, "dist", relative(join(root, "src"), path)).replace(/\.ts$/, ".js");
    mkdirSync(dirname(target), { recursive: true });
    writeFileSync(target, compiled(readFileSync(path, "utf8")));
  }
  const modules = join(home, "dist", "cli-modules");
  renameSync(join(home, "dist", "cli"), modules);
  project.provide("modules", join(modules, "main.js"));
  const folder = join(home, "dist", "cli");
  execFileSync(process.execPath, [join(root, "scripts/build/cli.mjs"), folder], {
    stdio: ["ignore", "ignore", "pipe"],
  });
  project.provide("program", join(folder, "main.js"));
}

export function teardown(): void {
  rmSync(home, { recursive: true, force: true });
}

function sources(folder: string): string[] {
  return readdirSync(folder, { recursive: true, encoding: "utf8" })
    .filter((name) => name.endsWith(".ts") && !name.endsWith(".d.ts"))
    .map((name) => join(folder, name));
}

function compiled(source: string): string {
  const compilerOptions = { target: ts.ScriptTarget.ES2023, module: ts.ModuleKind.ESNext, verbatimModuleSyntax: true };
  return ts.transpileModule(source, { compilerOptions }).outputText;
}
