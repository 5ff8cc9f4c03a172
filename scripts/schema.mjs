// Writes docs/events.schema.json from the types of src/report/events.ts. With --print it goes to standard output instead.
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { createGenerator } from "ts-json-schema-generator";

const root = join(import.meta.dirname, "..");

const schema = createGenerator({
  path: join(root, "src/report/events.ts"),
  tsconfig: join(root, "tsconfig.json"),
  type: "LeasetapRecord",
  schemaId: "leasetap-events-1",
  // Readers ignore keys that they do not know.
  additionalProperties: true,
  // tsc judges the code; this only reads it.
  skipTypeCheck: true,
  topRef: false,
}).createSchema("LeasetapRecord");

const text = `${JSON.stringify({ title: "leasetap --json, schema 1", ...schema }, null, 2)}\n`;
if (process.argv.includes("--print")) process.stdout.write(text);
else writeFileSync(join(root, "docs/events.schema.json"), text);
