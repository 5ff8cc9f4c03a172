// Sends frames, given in hexadecimal one a line on standard input, in turn: node send-frames.mjs INTERFACE COUNT RATE
import { Buffer } from "node:buffer";
import { readFileSync } from "node:fs";
import cap from "cap";

const [, , name, count, rate] = process.argv;
const frames = readFileSync(0, "utf8")
  .trim()
  .split("\n")
  .map((line) => Buffer.from(line, "hex"));
const kept = Buffer.alloc(65535);
const handle = new cap.Cap();
handle.open(name, "less 0", 65536, kept);
console.log("sending");
const began = process.uptime();
for (let sent = 0; sent < count;) {
  const due = Math.min(count, 1 + (process.uptime() - began) * rate);
  for (; sent < due; sent += 1) handle.send(frames[sent % frames.length]);
}
// cap keeps no reference to its buffer.
console.log(`sent ${count} in ${Math.round(1000 * (process.uptime() - began))} ms`, kept.length);
process.exit();
