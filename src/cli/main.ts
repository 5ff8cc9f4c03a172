#!/usr/bin/env node
import { analyze } from "../analyze.js";
import { EVERYTHING } from "../report/filter.js";
import { records } from "../report/json.js";

const found = await analyze(process.argv.slice(2), { keepFrames: true });
for (const record of records(found, EVERYTHING, true)) {
  process.stdout.write(`${JSON.stringify(record)}\n`);
}
