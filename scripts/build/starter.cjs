#!/usr/bin/env node
"use strict";
// The published dist/cli/main.js. Runs program.js, which is the command line and all that it uses in one file, or
// analyze.js, which has no more of it than that command needs, with the byte code that V8 made of it at the build, if this
// is the very version of Node that built it. V8 itself refuses only that of another version of V8, and what Node 20.20
// compiled ends Node 20.19, which has the same, in a segmentation fault.
const { Buffer } = require("node:buffer");
const { closeSync, fstatSync, openSync, readSync } = require("node:fs");
const { Script } = require("node:vm");

const name = process.argv[2] === "analyze" ? "analyze" : "program";
const filename = `${__dirname}/${name}.js`;
const byteCodeFile = `${__dirname}/${name}.${process.version}-${process.arch}.bytecode`;

/** Both files are read into it, one after the other: memory that is used for the first time takes longer than reading. */
let memory = Buffer.alloc(0);
// The bundler writes ASCII only.
const source = read(filename).toString("latin1");
const script = new Script(source, { filename, cachedData: byteCode() });
script.runInThisContext()(require, __dirname);

/** For the build, which lets it run and then keeps what it compiled. */
module.exports = { script, byteCodeFile };

function byteCode() {
  try {
    return read(byteCodeFile);
  } catch {
    return undefined;
  }
}

function read(path) {
  const file = openSync(path);
  const { size } = fstatSync(file);
  // The byte code, which comes second, is larger than the text.
  if (size > memory.length) memory = Buffer.allocUnsafeSlow(2 * size);
  const length = readSync(file, memory, 0, size, 0);
  closeSync(file);
  return memory.subarray(0, length);
}
