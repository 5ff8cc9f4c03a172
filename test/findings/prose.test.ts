import { join, relative } from "node:path";
import { beforeAll, describe, expect, it } from "vitest";
import { describe as words, type Description } from "../../src/findings/prose.js";
import type { Findings } from "../../src/report/json.js";
import { describeWithShared } from "../support/shared.js";
import { capturesIn, emptyLoss, everyFinding, examine } from "./support.js";

const NOTHING = { servers: [] };

describe("the words of a finding", () => {
  it.each(everyFinding())("exist for $code, $confidence", (finding) => {
    const { summary, detail } = words(finding, NOTHING);
    expectSentence(summary);
    expect(detail).not.toBe("");
  });

  it("claim no more than the confidence allows", () => {
    const summary = (confidence: "certain" | "likely" | "possible"): string =>
      words(emptyLoss("offload-partial", confidence), NOTHING).summary;
    expect(summary("certain")).not.toMatch(/likely|may be/);
    expect(summary("likely")).toContain("most likely");
    expect(summary("possible")).toContain("may be");
  });
});

describeWithShared("the words about recorded incidents", (shared) => {
  const told = new Map<string, Description>();

  beforeAll(async () => {
    const stories = ["s02-offload-ack", "s03-silent-server", "s05-nak", "s09-capture-late-silent", "s12-relay"];
    for (const story of stories) told.set(story, await worst(join(shared, "scenarios", story, "bridge.pcap")));
    told.set("s06", await worst(join(shared, "scenarios/s06-garbage/client.pcap")));
    const both = ["bridge.pcap", "client.pcap"].map((file) => join(shared, "scenarios/s11-two-points", file));
    told.set("s11", await worst(...both));
  });

  function of(story: string): Description {
    return told.get(story) ?? { summary: "", detail: "" };
  }

  it("say of an unfinished checksum what was lost, when, and that every answer was ignored", () => {
    const { summary, detail } = of("s02-offload-ack");
    expect(summary).toContain(
      "52:54:00:12:65:64 lost its address 10.8.12.150 at 2026-11-22 11:03:50 UTC, when the lease ran out",
    );
    expect(summary).toContain("answered all 11 REQUESTs and the first 2 DISCOVERs");
    expect(detail).toContain("0x2dec");
    expect(detail).toContain("sums up to 0x2dec: 10.8.12.1 + 10.8.12.150 + protocol 17 + UDP length 308.");
    expect(detail).toContain("Proof");
    expect(detail).toContain("frame 72");
    expect(detail).toContain("Not a slow or silent server");
  });

  it("say of late replies how late they were, and that their checksum is not to blame", () => {
    const { summary, detail } = of("s03-silent-server");
    expect(summary).toMatch(/answered 13 REQUESTs only after 8.2 to 28 s/);
    expect(summary).toContain("11:06:57");
    expect(detail).toContain("one burst");
    expect(detail).toContain("Not the checksum");
  });

  it("quote what a server says of its refusal", () => {
    expect(of("s05-nak").summary).toContain('answered with DHCPNAK: "address not available"');
  });

  it("show a damaged reply by the one bit that is wrong", () => {
    expect(of("s06").detail).toContain("They differ by 0x4000, a single bit of one 16-bit word");
    expect(of("s06").detail).toContain("Not checksum offload");
  });

  it("invent no lease time where the capture begins in the middle", () => {
    expect(of("s09-capture-late-silent").summary).toContain("at the latest at 2026-11-22 11:02:26 UTC");
    expect(of("s09-capture-late-silent").summary).not.toContain("the lease ran out");
  });

  it("name the leg on which replies were lost", () => {
    expect(of("s11").summary).toMatch(/6 replies were seen at .*bridge.pcap and never arrived at .*client.pcap/);
  });

  // Its last reply (tshark) is of 11:02:59, the DISCOVERs without an answer of 11:03:30 to 11:03:54.
  it("say of DISCOVERs without an answer that the server of the lost lease sent none either", async () => {
    const story = "corpus/captures/self_isc_story_renew_dead_rebind_expire_nak.pcap";
    const { inspection } = await examine(join(shared, story));
    const told = inspection.findings.map((finding) => words(finding, inspection).detail).join("\n");
    expect(told).toContain(
      "No reply of server 10.12.0.1, which had leased it its address, was seen in that time either",
    );
  });

  it("count the unicasts that were blocked and tell of the broadcast that was not", () => {
    expect(of("s12-relay").summary).toContain("8 REQUESTs sent directly to 10.9.0.1 got no answer");
    expect(of("s12-relay").detail).toContain("through a relay");
  });
});

describeWithShared("the words about any recording", (shared) => {
  const files = ["scenarios", "vm", "corpus/captures"].flatMap((folder) => capturesIn(join(shared, folder)));

  it.each(files.map((file) => [relative(shared, file), file]))("are plain text: %s", async (_name, file) => {
    const { inspection } = await examine(file);
    for (const finding of inspection.findings) {
      const { summary, detail } = words(finding, inspection);
      expectSentence(summary);
      expectPlain(detail);
      expect(`${summary}${detail}`).not.toMatch(/undefined|NaN|Infinity|null/);
    }
  });
});

async function worst(...paths: string[]): Promise<Description> {
  const { inspection }: Findings = await examine(...paths);
  const [finding] = inspection.findings;
  if (finding === undefined) throw new Error(`nothing was found in ${paths.join(", ")}`);
  return words(finding, inspection);
}

function expectSentence(text: string): void {
  expectPlain(text);
  expect(text).toMatch(/\.$/);
}

function expectPlain(text: string): void {
  expect(text).not.toMatch(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]/u);
}
