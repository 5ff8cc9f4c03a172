// Writes docs/api.md from src/index.ts: what the package exports, each with its comment and its declaration. With --print
// it goes to standard output instead. Ends with 1 where something exported is not documented, or cannot be named.
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { declarations } from "./api/declarations.mjs";
import { faults } from "./api/faults.mjs";
import { markdown } from "./api/markdown.mjs";

const root = join(import.meta.dirname, "..");
const found = declarations(root);
const wrong = faults(found);
if (wrong.length > 0) {
  console.error(wrong.join("\n"));
  process.exit(1);
}
const text = markdown(found);
if (process.argv.includes("--print")) process.stdout.write(text);
else writeFileSync(join(root, "docs/api.md"), text);
