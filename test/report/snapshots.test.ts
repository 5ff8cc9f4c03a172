import { describe, expect, it } from "vitest";
import { analyze } from "../../src/analyze.js";
import { EVERYTHING } from "../../src/report/filter.js";
import type { Findings } from "../../src/report/json.js";
import { renderMarkdown } from "../../src/report/markdown.js";
import { renderReport, type AccountOptions } from "../../src/report/text.js";
import { pcaps } from "../support/program.js";
import { crowd } from "./support/crowd.js";
import { foundIn } from "./support/found.js";

/** Read by a person before they are accepted: see snapshots/README.md. */
const RECORDINGS: readonly (readonly [name: string, ...files: string[]])[] = [
  ["healthy-bridge", "s01-healthy/bridge.pcap"],
  ["healthy-vm", "q01-virtio/tap.pcap"],
  ["offload", "s02-offload-ack/bridge.pcap"],
  ["late", "s03-silent-server/bridge.pcap"],
  ["nak", "s05-nak/bridge.pcap"],
  ["begun-in-the-middle", "s09-capture-late-silent/bridge.pcap"],
  ["one-of-twenty", "s10-many-clients/bridge.pcap"],
  ["two-points", "s11-two-points/bridge.pcap", "s11-two-points/tap.pcap"],
  ["relay", "s12-relay/bridge.pcap"],
];

async function found(files: readonly string[], keepHealthy = false): Promise<Findings> {
  return analyze(files, { keepFrames: false, keepHealthy, folder: pcaps });
}

function text(what: Findings, columns: number, unicode: boolean, options: AccountOptions = {}): string {
  return `${[...renderReport(what, EVERYTHING, { columns, color: false, unicode }, options)].join("\n")}\n`;
}

const STYLES = [40, 80, 120].flatMap((columns) => [false, true].map((unicode) => ({ columns, unicode })));

describe.each(STYLES)("the report in $columns columns (unicode: $unicode)", ({ columns, unicode }) => {
  const style = `${columns}-${unicode ? "unicode" : "ascii"}`;

  it.each(RECORDINGS)("on %s reads as it was read before", async (name, ...files) => {
    const report = text(await found(files), columns, unicode);
    await expect(report).toMatchFileSnapshot(`snapshots/${name}.${style}.txt`);
  });

  it("on a thousand clients reads as it was read before", async () => {
    const inspection = crowd(1000).run({ keepHealthy: false, block: Infinity });
    await expect(text(foundIn(inspection), columns, unicode)).toMatchFileSnapshot(`snapshots/thousand.${style}.txt`);
  });
});

describe("the other forms of the report", () => {
  it("as every attempt, read as they were read before", async () => {
    const report = text(await found(["s02-offload-ack/bridge.pcap"], true), 80, false, { verbose: true });
    await expect(report).toMatchFileSnapshot("snapshots/offload.verbose.txt");
  });

  it("as Markdown, read as they were read before", async () => {
    const page = [...renderMarkdown(await found(["s02-offload-ack/bridge.pcap"]), EVERYTHING)].join("\n");
    await expect(`${page}\n`).toMatchFileSnapshot("snapshots/offload.md");
  });
});
