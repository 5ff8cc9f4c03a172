import { describe, expect, it } from "vitest";
import { EVERYTHING } from "../../src/report/filter.js";
import { renderReport } from "../../src/report/text.js";
import { ack, discover, nak, offer, rebind, renew, script, unreachable, type Script } from "../support/script.js";
import { foundIn } from "./support/found.js";

/** The rows of the first drawing, without their labels, and the words below them. */
function drawn(story: Script, columns = 80): { lease: string; asked: string; answer: string; words: string } {
  const style = { columns, color: false, unicode: false };
  const lines = [...renderReport(foundIn(story.run({ keepHealthy: false })), EVERYTHING, style)];
  const at = lines.findIndex((line) => /^ {2}lease {3}\S/.test(line));
  const [lease = "", asked = "", answer = "", ...rest] = lines.slice(at).map((line) => line.slice(10));
  const words = rest.slice(0, rest.indexOf("")).join(" ");
  return { lease, asked, answer, words: at === -1 ? "" : words.replace(/\s+/g, " ") };
}

const bound = (lease: number): Script => script({ lease }).bound(0);

describe("the drawing of a renewal", () => {
  it("has a letter for each request and each answer, by what became of it", () => {
    const story = bound(120)
      .at(60, renew())
      .at(60.01, ack({ sum: "partial" }))
      .at(70, renew({ secs: 10 }))
      .at(70.01, ack({ sum: "bit-flip" }))
      .at(80, renew({ secs: 20 }))
      .at(80.01, ack({ sum: "absent" }))
      .at(90, renew({ secs: 30 }))
      .at(106, rebind({ secs: 46 }))
      .at(106.01, ack())
      .at(120, discover({ xid: 2 }))
      .at(130, discover({ xid: 2 }))
      .at(130.01, offer({ sum: "good" }))
      .until(170);
    const { asked, answer, words } = drawn(story);
    expect(asked.replaceAll(" ", "")).toMatch(/^rrrrb/);
    expect(answer.replaceAll(" ", "")).toMatch(/^pwz-g/);
    expect(words).toContain("p ignored, checksum unfinished; w ignored, checksum wrong; z ignored, without checksum;");
  });

  it("is to scale: T1, T2 and expiry stand where their times are", () => {
    const story = bound(100)
      .at(50, renew())
      .at(60, renew({ secs: 10 }))
      .at(90, rebind({ secs: 40 }))
      .until(140);
    const { lease, asked } = drawn(story);
    const scale = lease.indexOf("X") / 100;
    const off = (row: string, mark: string, time: number): number => Math.abs(row.indexOf(mark) - time * scale);
    expect(off(lease, "T1", 50)).toBeLessThanOrEqual(1);
    expect(off(lease, "T2", 87.5)).toBeLessThanOrEqual(1);
    expect(off(asked, "r", 50)).toBeLessThanOrEqual(1);
    expect(off(asked, "b", 90)).toBeLessThanOrEqual(1);
  });

  it("shows what happened in a small part of a long lease larger, and that the lease goes on", () => {
    const story = bound(86_400)
      .at(43_200, renew())
      .at(43_210, renew({ secs: 10 }))
      .at(43_220, renew({ secs: 20 }))
      .at(43_230, renew({ secs: 30 }))
      .until(43_300);
    const { lease, asked } = drawn(story);
    expect(lease).toMatch(/^T1=+~$/);
    expect(asked.match(/r/g)).toHaveLength(4);
  });

  it("counts a refusal, an ICMP error, and what comes too late", () => {
    const story = bound(120)
      .at(60, renew())
      .at(60.01, unreachable("request"))
      .at(75, renew({ secs: 15 }))
      .at(106, rebind({ secs: 46 }))
      .at(106.01, nak({ message: "no" }))
      .bound(106.1, { xid: 2, address: "10.0.0.150" })
      .until(140);
    const { answer, lease } = drawn(story);
    expect(answer.replaceAll(" ", "")).toMatch(/^i-N/);
    expect(lease.indexOf("X")).toBe(answer.indexOf("N"));
  });

  it("says so where messages that differ fall into one column", () => {
    const story = bound(120)
      .at(60, renew())
      .at(75, renew({ secs: 15 }))
      .at(119.9, rebind({ secs: 59 }))
      .at(120, discover({ xid: 2 }))
      .until(3000);
    const { asked, words } = drawn(story, 40);
    expect(asked).toContain("+");
    expect(words).toContain("+ several kinds");
  });

  it("is left out where a sentence says as much", () => {
    expect(
      drawn(
        bound(120)
          .at(60, renew())
          .at(75, renew({ secs: 15 }))
          .until(100),
      ).words,
    ).toBe("");
  });
});
