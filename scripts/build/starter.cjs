#!/usr/bin/env node
"use strict";
// The published dist/cli/main.js. Runs program.js, which is the command line and all that it uses in one file, with the
// byte code that V8 made of it at the build, if this is the very version of Node that built it. V8 itself refuses only
// that of another version of V8, and what Node 20.20 compiled ends Node 20.19, which has the same, in a segmentation fault.
const { readFileSync } = require("node:fs");
const { join } = require("node:path");
const { Script } = require("node:vm");

const filename = join(__dirname, "program.js");
const byteCodeFile = join(__dirname, `program.${process.version}-${process.arch}.bytecode`);
// The bundler writes ASCII only.
const source = readFileSync(filename, "latin1");
const script = new Script(`(function (require, __dirname) {${source}\n})`, { filename, cachedData: byteCode() });
script.runInThisContext()(require, __dirname);

/** For the build, which lets it run and then keeps what it compiled. */
module.exports = { script, byteCodeFile };

function byteCode() {
  try {
    return readFileSync(byteCodeFile);
  } catch {
    return undefined;
  }
}
