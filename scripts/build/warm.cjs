"use strict";
// Runs the built program and keeps what V8 compiled for it: node warm.cjs CLI_FOLDER ARGUMENT…
// The program compiles a function when it is first called, so its arguments should have it do what is usual.
const { writeFileSync } = require("node:fs");
const { join } = require("node:path");

const [, , folder, ...words] = process.argv;
process.argv = [process.argv[0], join(folder, "main.js"), ...words];
const { script, byteCodeFile } = require(join(folder, "main.js"));

process.on("exit", () => writeFileSync(byteCodeFile, script.createCachedData()));
