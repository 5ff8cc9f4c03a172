import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { leasetap, pcaps } from "../support/program.js";
import { describeWithTools, requireTool } from "../support/tools.js";
import { concat, readBytes } from "./support/collector.js";
import { snoopHeader, snoopRecord } from "../support/snoop-writer.js";
import { expectAgreement, tshark, withFile } from "./support/wireshark.js";

const frame = Uint8Array.from({ length: 61 }, (_byte, index) => index);
const START = 1_700_000_000;
const record = (index: number): Uint8Array => snoopRecord(START + index, index, frame);
const records = [1, 2, 3, 4, 5, 6, 7, 8].map(record);

describe("a snoop file", () => {
  it("is told from text that begins like one", () => {
    for (const text of ["snoopy\n", "snooping on net0, promiscuous, with a line that is longer than a header"]) {
      const { reader } = readBytes(new TextEncoder().encode(text));
      expect(reader).toMatchObject({ format: null, damage: { code: "not-a-capture" } });
      expect(reader.damage?.sentence).toContain("looks like text");
    }
    expect(readBytes(snoopHeader().subarray(0, 7)).reader.damage?.code).toBe("cut-header");
    expect(readBytes(snoopHeader().subarray(0, 15)).reader.damage?.code).toBe("cut-header");
  });

  it.each([
    [0, 1],
    [2, 6],
    [4, 1],
    [8, 10],
  ])("of datalink type %i is of LINKTYPE %i", (datalink, linkType) => {
    const { sink, reader } = readBytes(concat(snoopHeader(datalink), ...records));
    expect(reader).toMatchObject({ format: "snoop", frames: 8, damage: null });
    expect(sink.interfaces).toEqual([{ index: 0, name: null, linkType, digits: 6 }]);
  });

  it.each([
    [snoopHeader(9), "datalink type 9 (RFC 1761), which is not read"],
    [snoopHeader(4, 3), "of version 3; only version 2 is known"],
  ])("that is of a kind that is not read says so", (header, sentence) => {
    const { reader } = readBytes(concat(header, ...records));
    expect(reader).toMatchObject({ frames: 0, damage: { code: "bad-header", offset: 0 } });
    expect(reader.damage?.sentence).toContain(sentence);
  });

  it("with a record header that lies is read on where sound ones follow", () => {
    const bytes = concat(snoopHeader(), ...records);
    const bad = 16 + 2 * record(0).length;
    new DataView(bytes.buffer).setUint32(bad + 4, 5000);
    const { sink, reader } = readBytes(bytes);
    expect(reader.damage).toMatchObject({ code: "resynchronised", offset: bad });
    expect(reader.damage?.sentence).toContain(`to byte ${bad + record(0).length}`);
    expect(sink.frames.map(({ seconds }) => seconds - START)).toEqual([1, 2, 4, 5, 6, 7, 8]);
  });
});

describeWithTools(["editcap", "tshark"], "what editcap makes a snoop file of", () => {
  let folder: string;
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), "leasetap-snoop-"));
  });
  afterAll(() => {
    rmSync(folder, { recursive: true });
  });

  function converted(capture: string): string {
    const path = join(folder, "capture.snoop");
    const { status } = spawnSync(requireTool("editcap"), ["-F", "snoop", capture, path]);
    expect(status).toBe(0);
    return path;
  }

  it("is read as tshark reads it, whole and cut", async () => {
    const bytes = new Uint8Array(readFileSync(converted(join(pcaps, "s06-garbage/bridge.pcap"))));
    for (const length of [bytes.length, bytes.length - 30]) {
      const part = bytes.slice(0, length);
      expectAgreement(readBytes(part), await withFile(part, tshark));
    }
  });

  it("gives the findings of the recording", async () => {
    const capture = join(pcaps, "s02-offload-ack/bridge.pcap");
    const snoop = converted(capture);
    const told = async (path: string): Promise<string> => {
      const copy = join(folder, "same-name");
      writeFileSync(copy, readFileSync(path));
      const { stdout, code } = await leasetap(["analyze", copy, "--json", "--frames"]);
      expect(code).toBe(1);
      return stdout.replace('"format":"snoop"', '"format":"pcap"');
    };
    expect(await told(snoop)).toBe(await told(capture));
  });
});
