import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import * as ng from "../../src/capture/pcapng-writer.js";
import { recordingMarkText } from "../../src/capture/recording-mark.js";
import { statesLaterWatch } from "../../src/capture/later-watch.js";
import { dumpcapFile } from "../support/dumpcap-file.js";
import { script, traffic } from "../support/script.js";

const writer = ng.createPcapngWriter(true);

let folder = "";
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "leasetap-later-"));
});
afterAll(() => {
  rmSync(folder, { recursive: true });
});

function told(bytes: Uint8Array): boolean {
  const path = join(folder, "capture");
  writeFileSync(path, bytes);
  return statesLaterWatch(path);
}

const story = script();
for (let at = 1; at < 200; at += 1) story.at(at, traffic());
const { frames } = story;
/** More than is read of either end. */
const many = Array.from({ length: 100 }, () => frames.slice(0, 50)).flat();
const FIRST = { from: 0, to: 50 };
const SECOND = { from: 100, to: 200 };
const first = dumpcapFile(frames, FIRST);
const second = dumpcapFile(frames, SECOND);

describe("a watch that a file states at its end", () => {
  it("is a later one where files were joined, whatever their size", () => {
    expect(told(Buffer.concat([first, second]))).toBe(true);
    expect(told(Buffer.concat([dumpcapFile(many, FIRST), second]))).toBe(true);
    expect(told(Buffer.concat([dumpcapFile(frames, { ...FIRST, silent: true }), second]))).toBe(true);
  });

  it("is the only one of a file that dumpcap wrote, or there is none", () => {
    expect(told(first)).toBe(false);
    expect(told(dumpcapFile(many, FIRST))).toBe(false);
    expect(told(dumpcapFile(frames, { ...FIRST, silent: true }))).toBe(false);
    expect(told(Buffer.concat([first, dumpcapFile(frames, { ...SECOND, silent: true })]))).toBe(false);
  });

  it("is of the same time where files of several interfaces were joined", () => {
    expect(told(Buffer.concat([first, dumpcapFile(frames, { ...FIRST, name: "vnet3" })]))).toBe(false);
  });

  it("is not looked for in what is no plain file of pcapng", () => {
    expect(told(gzipSync(Buffer.concat([first, second])))).toBe(false);
    expect(told(new Uint8Array(0))).toBe(false);
    expect(statesLaterWatch("-")).toBe(false);
    expect(statesLaterWatch(join(folder, "nothing"))).toBe(false);
    expect(statesLaterWatch(folder)).toBe(false);
    const pipe = join(folder, "pipe");
    execFileSync("mkfifo", [pipe]);
    expect(statesLaterWatch(pipe)).toBe(false);
  });

  it("is none of a recording of this program, which says it in time", () => {
    const mark = writer.textOption(ng.OPT_COMMENT, recordingMarkText({ id: "0123456789abcdef", file: 1 }));
    const recorded = [writer.sectionHeader([mark]), first.subarray(writer.sectionHeader().length), second];
    expect(told(Buffer.concat(recorded))).toBe(false);
  });

  it("is not told by what is cut", () => {
    const whole = Buffer.concat([first, second]);
    for (let cut = 1; cut < 120; cut += 1) expect(told(whole.subarray(0, whole.length - cut))).toBe(false);
  });

  it("may be damaged anyhow", () => {
    const whole = Buffer.concat([first, second]);
    for (let at = whole.length - 120; at < whole.length; at += 1) {
      for (const value of [0, 1, 0x7f, 0xff]) {
        const damaged = Buffer.from(whole);
        damaged[at] = value;
        expect(() => told(damaged)).not.toThrow();
      }
    }
  });
});
