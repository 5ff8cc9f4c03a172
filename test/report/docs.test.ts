import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { analyze } from "../../src/analyze.js";
import { EVERYTHING } from "../../src/report/filter.js";
import { renderReport } from "../../src/report/text.js";
import { pcaps } from "../support/program.js";

/** What is printed in `folder`, as the pages show it; what to do has a page and tests of its own. */
async function printed(folder: string, file: string, unicode: boolean): Promise<string> {
  const found = await analyze([file], { keepFrames: false, keepHealthy: false, folder });
  const lines = [...renderReport(found, EVERYTHING, { columns: 80, color: false, unicode })];
  const fix = lines.findIndex((line) => line.startsWith("  Look"));
  return lines.slice(0, fix === -1 ? lines.length : fix).join("\n");
}

function page(name: string): string {
  return readFileSync(new URL(`../../${name}`, import.meta.url), "utf8");
}

describe("the pages", () => {
  it.each([
    ["a healthy capture", "s01-healthy"],
    ["a client that lost its address", "s02-offload-ack"],
  ])("show %s as it is reported today", async (_what, folder) => {
    expect(page("docs/report.md")).toContain(await printed(`${pcaps}${folder}`, "bridge.pcap", false));
  });

  it("show two capture points as they are reported today", async () => {
    const inputs = ["bridge.pcap", "tap.pcap"];
    const names = new Map([
      ["bridge.pcap", "br0"],
      ["tap.pcap", "vnet3"],
    ]);
    const folder = `${pcaps}s11-two-points`;
    const found = await analyze(inputs, { keepFrames: false, keepHealthy: false, folder, names: () => names });
    const lines = [...renderReport(found, EVERYTHING, { columns: 80, color: false, unicode: true })];
    const shown = lines.slice(
      0,
      lines.findIndex((line) => line.startsWith("  Look")),
    );
    expect(page("docs/points.md")).toContain(shown.map((line) => (line === "" ? "" : `    ${line}`)).join("\n"));
    const [alone] = await Promise.all(inputs.map((input) => printed(folder, input, true)));
    const words = (text: string): string => text.replace(/[\s>]+/g, " ");
    const quoted = /^> (?:.*\n> )*.*/m.exec(page("docs/points.md"))?.[0] ?? "";
    expect(words(alone ?? "")).toContain(words(quoted).trim());
  });

  it("show a damaged capture as it is reported today", async () => {
    const report = await printed(`${pcaps}x03-formats`, "s02-cut-midframe.pcap", false);
    expect(page("docs/report.md")).toContain(report.slice(0, report.indexOf("\n\n")));
  });

  it("begin with a report as it is printed today", async () => {
    const report = await printed(`${pcaps}..`, "pcaps/s02-offload-ack/bridge.pcap", true);
    const shown = report.split("\n").map((line) => (line === "" ? "" : `    ${line}`));
    expect(page("README.md")).toContain(shown.join("\n"));
  });
});
