// Writes the stream of a capture to standard output until SIGTERM: node record.mjs DIST PATTERN…
import { pathToFileURL } from "node:url";

const [, , dist, ...words] = process.argv;
const { InterfaceCapture } = await import(pathToFileURL(`${dist}/capture/live/interface-capture.js`).href);
const tell = (sentence) => console.error(sentence);
const capture = new InterfaceCapture({ wanted: { words, followPorts: false }, program: "leasetap test", tell });
await capture.start();
console.error(`watching ${capture.watching.join(" ")}`);
process.on("SIGTERM", () => capture.end());
for await (const chunk of capture.chunks) process.stdout.write(chunk);
