#!/usr/bin/env node
"use strict";
// The published dist/cli/main.js. Runs program.js, which is the command line and all that it uses in one file, with the
// byte code that V8 made of it at the build. Another version of Node refuses that byte code, and compiles anew.
const { readFileSync } = require("node:fs");
const { join } = require("node:path");
const { Script } = require("node:vm");

const filename = join(__dirname, "program.js");
// The bundler writes ASCII only.
const source = readFileSync(filename, "latin1");
const script = new Script(`(function (require, __dirname) {${source}\n})`, { filename, cachedData: byteCode() });
script.runInThisContext()(require, __dirname);

/** For the build, which lets it run and then keeps what it compiled. */
module.exports = script;

function byteCode() {
  try {
    return readFileSync(join(__dirname, "program.bytecode"));
  } catch {
    return undefined;
  }
}
