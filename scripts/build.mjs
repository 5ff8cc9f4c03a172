// Compiles src/ into dist/ with tsc and nothing else, so that it works without any native build tool.
import { execFileSync, spawnSync } from "node:child_process";
import { chmodSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";

process.chdir(join(import.meta.dirname, ".."));
rmSync("dist", { recursive: true, force: true });

const tsc = createRequire(import.meta.url).resolve("typescript/bin/tsc");
const { status } = spawnSync(process.execPath, [tsc, "-p", "tsconfig.build.json"], { stdio: "inherit" });
if (status !== 0) process.exit(status ?? 1);

// tsc keeps the #! line but not the executable bit.
chmodSync("dist/cli/main.js", 0o755);

// The manual page that package.json names.
writeFileSync("dist/leasetap.1", execFileSync(process.execPath, ["dist/cli/main.js", "man"]));
