import { describe, expect, it } from "vitest";
import { EVERYTHING } from "../../src/report/filter.js";
import { renderReport } from "../../src/report/text.js";
import {
  ack,
  discover,
  nak,
  offer,
  rebind,
  renew,
  request,
  script,
  unreachable,
  type Script,
} from "../support/script.js";
import { foundIn } from "./support/found.js";

/** The rows of the first drawing, without their labels, and the words below them. */
function drawn(
  story: Script,
  columns = 80,
): { lease: string; times: string; asked: string; answer: string; words: string } {
  const style = { columns, color: false, unicode: false };
  const lines = [...renderReport(foundIn(story.run({ keepHealthy: false })), EVERYTHING, style)];
  const at = lines.findIndex((line) => /^ {2}lease {3}\S/.test(line));
  const [lease = "", times = "", asked = "", answer = "", ...rest] = lines.slice(at).map((line) => line.slice(10));
  const words = columns < 60 ? lines.slice(at + 4).map((line) => line.slice(4)) : rest;
  const told = words.slice(0, words.indexOf("")).join(" ");
  return { lease, times, asked, answer, words: at === -1 ? "" : told.replace(/\s+/g, " ") };
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
    expect(words).toContain("p partial sum, ignored; w wrong sum, ignored; z no checksum, ignored;");
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

  it("writes each time below its place, or in words where there is no room", () => {
    const story = bound(100)
      .at(50, renew())
      .at(60, renew({ secs: 10 }))
      .at(90, rebind({ secs: 40 }))
      .until(140);
    // The script begins at 22:13:20.
    const { lease, times } = drawn(story);
    const ends = (text: string): number => times.indexOf(text) + text.length;
    expect(times.indexOf("22:13:20")).toBe(0);
    expect(times.indexOf("22:14:10")).toBe(lease.indexOf("T1"));
    expect(times.indexOf("22:14:47")).toBeLessThanOrEqual(lease.indexOf("T2"));
    expect(ends("22:14:47")).toBeGreaterThan(lease.indexOf("T2"));
    expect(ends("22:15:00")).toBe(lease.length);
    const narrow = drawn(story, 40);
    expect(narrow.times.trim().split(/ +/)).toEqual(["22:13:20", "22:14:10", "22:15:00"]);
    expect(narrow.words).toContain("T2 22:14:47");
  });

  it("says that T1 and T2 are assumed, unless the server sent them", () => {
    const attempts = (story: Script): Script =>
      story
        .at(50, renew())
        .at(60, renew({ secs: 10 }))
        .at(90, rebind({ secs: 40 }))
        .until(140);
    expect(drawn(attempts(bound(100))).words).toContain("T1, T2 assumed: 1/2, 7/8 of the lease");
    expect(drawn(attempts(script({ lease: 100, t1: 50, t2: 80 }).bound(0))).words).not.toContain("assumed");
  });

  it("shows replies that come late where they came, and nothing where they should have come", () => {
    const story = bound(120)
      .at(60, renew())
      .at(75, renew({ secs: 15 }))
      .at(106, rebind({ secs: 46 }))
      .at(120, discover({ xid: 2 }));
    // A server that wakes up answers one after the other.
    for (const [index, secs] of [0, 15, 46].entries()) story.at(140 + index / 1000, ack({ xid: 1, secs }));
    const { lease, asked, answer, words } = drawn(
      story
        .at(140.004, offer({ xid: 2 }))
        .at(140.005, request({ xid: 2 }))
        .at(140.006, ack({ xid: 2 }))
        .until(170),
    );
    expect(asked.replaceAll(" ", "")).toMatch(/^rrbd?$/);
    expect(answer.trim()).toMatch(/^l/);
    expect(answer.indexOf("l")).toBeGreaterThan(lease.indexOf("X"));
    expect(words).toContain("l too late");
    expect(words).not.toContain("no answer");
  });

  it("puts two marks of one moment side by side", () => {
    const story = bound(120)
      .at(60, renew())
      .at(75, renew({ secs: 15 }))
      .at(119.9, rebind({ secs: 59 }))
      .at(120.1, discover({ xid: 2 }))
      .at(150, discover({ xid: 2 }))
      .until(170);
    expect(drawn(story).asked).toContain("bd");
  });

  it("says so where messages that differ have no room side by side", () => {
    const story = bound(120)
      .at(60, renew())
      .at(75, renew({ secs: 15 }))
      .at(119.8, renew({ secs: 59 }))
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
