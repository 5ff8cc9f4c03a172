import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { openSource } from "../../src/capture/file.js";
import { watch } from "../live/watched.js";
import { renewalsOf, told } from "../scenarios/recordings.js";

const recorded = (name: string): string => fileURLToPath(new URL(`recorded/${name}`, import.meta.url));

describe("one file with both sides of a filter", () => {
  it.each([
    // tcpdump on any: interfaces have a number alone.
    ["two-interfaces.pcapng", "vnet3"],
    ["any.pcap", "if3"],
  ])("%s: not delivered", async (name, port) => {
    const records = await told(recorded(name));
    const errors = records.filter((record) => record.type === "finding" && record.severity === "error");
    expect(errors).toMatchObject([{ code: "not-delivered", confidence: "certain", alternatives: [] }]);
    expect(JSON.stringify(errors)).toContain(`never arrived at ${port}`);
    const [lost] = renewalsOf(records).filter(({ outcome }) => outcome === "expired");
    expect(lost?.attempts.map(({ cause, sightings }) => [cause, sightings.length])).toEqual([
      ["not-delivered", 2],
      ["not-delivered", 2],
    ]);
  });
});

describe("the same, watched as it comes", () => {
  it.each(["two-interfaces.pcapng", "any.pcap"])("%s: blames no checksum while the end is not known", async (name) => {
    const { told: events } = await watch((sink) => openSource(recorded(name), sink));
    const reasons = events.flatMap(({ event }) =>
      (event.kind === "trouble" || event.kind === "lost") && event.reason !== null ? [event.reason] : [],
    );
    expect(reasons.length).toBeGreaterThan(1);
    expect(new Set(reasons.map(({ finding }) => finding.code))).toEqual(new Set(["not-delivered"]));
  });
});
