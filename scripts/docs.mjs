// Writes the pages of docs/ that say what `leasetap explain` says, from src/explain.
import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import ts from "typescript";

const root = join(import.meta.dirname, "..");
const home = mkdtempSync(join(tmpdir(), "leasetap-docs-"));

try {
  cpSync(join(root, "package.json"), join(home, "package.json"));
  symlinkSync(join(root, "node_modules"), join(home, "node_modules"));
  for (const name of readdirSync(join(root, "src"), { recursive: true, encoding: "utf8" })) {
    if (!name.endsWith(".ts") || name.endsWith(".d.ts")) continue;
    const target = join(home, "src", name.replace(/\.ts$/, ".js"));
    mkdirSync(dirname(target), { recursive: true });
    writeFileSync(target, compiled(readFileSync(join(root, "src", name), "utf8")));
  }
  const { docs } = await import(join(home, "src/explain/docs.js"));
  for (const [name, text] of docs()) writeFileSync(join(root, "docs", name), text);
} finally {
  rmSync(home, { recursive: true, force: true });
}

/** Types are for `npm run typecheck`; here they are only left out. */
function compiled(source) {
  const compilerOptions = { target: ts.ScriptTarget.ES2023, module: ts.ModuleKind.ESNext, verbatimModuleSyntax: true };
  return ts.transpileModule(source, { compilerOptions }).outputText;
}
