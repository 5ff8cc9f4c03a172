// Builds dist/: the library, module by module with its types, the command line as one file in dist/cli/, and its manual
// page. Needs nothing native.
import { execFileSync, spawnSync } from "node:child_process";
import { rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";

process.chdir(join(import.meta.dirname, ".."));
rmSync("dist", { recursive: true, force: true });
run(createRequire(import.meta.url).resolve("typescript/bin/tsc"), "-p", "tsconfig.build.json");
run("scripts/build/cli.mjs", "dist/cli");

// The manual page that package.json names.
writeFileSync("dist/leasetap.1", execFileSync(process.execPath, ["dist/cli/main.js", "man"]));

function run(...words) {
  const { status } = spawnSync(process.execPath, words, { stdio: "inherit" });
  if (status !== 0) process.exit(status ?? 1);
}
