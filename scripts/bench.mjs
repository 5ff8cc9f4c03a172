// How fast leasetap is, beside tcpdump and beside an empty Node process: npm run bench -- [speed|startup|ports|day] [OPTION…]
// What is measured is the program in dist/. The benchmark itself is bench/*.ts, compiled here to a temporary folder.
import { cpSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { pathToFileURL } from "node:url";
import ts from "typescript";

const root = join(import.meta.dirname, "..");
if (!existsSync(join(root, "dist/cli/main.js"))) {
  console.error("bench: npm run build first");
  process.exit(2);
}
const home = mkdtempSync(join(tmpdir(), "leasetap-benchmark-"));
try {
  cpSync(join(root, "package.json"), join(home, "package.json"));
  for (const folder of ["src/capture", "src/checksum", "bench"]) compile(folder);
  const { main } = await import(pathToFileURL(join(home, "bench/main.js")).href);
  await main(root, process.argv.slice(2));
} catch (error) {
  console.error(`bench: ${error.message}`);
  process.exitCode = 2;
} finally {
  rmSync(home, { recursive: true, force: true });
}

/** Types are for `npm run typecheck`; here they are only left out. */
function compile(folder) {
  const compilerOptions = { target: ts.ScriptTarget.ES2023, module: ts.ModuleKind.ESNext, verbatimModuleSyntax: true };
  for (const name of readdirSync(join(root, folder), { recursive: true, encoding: "utf8" })) {
    if (!name.endsWith(".ts")) continue;
    const target = join(home, folder, name.replace(/\.ts$/, ".js"));
    mkdirSync(dirname(target), { recursive: true });
    writeFileSync(
      target,
      ts.transpileModule(readFileSync(join(root, folder, name), "utf8"), { compilerOptions }).outputText,
    );
  }
}
