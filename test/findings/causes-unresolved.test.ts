import { describe, expect, it } from "vitest";
import { ack, arp, discover, rebind, renew, script, traffic, type Script } from "../support/script.js";
import { alarms, finding, findings, only } from "../support/script-view.js";

const SERVER = "10.0.0.1";
const CLIENT = "10.0.0.101";

function bound(): Script {
  return script({ lease: 120 }).bound(0);
}

/** It looks for its server three times in vain. */
function looksForServer(story: Script, time: number): Script {
  return [0, 1, 2].reduce((told, wait) => told.at(time + wait, arp({ target: SERVER })), story);
}

function frames(evidence: readonly { readonly frameNumber: number }[]): number[] {
  return evidence.map(({ frameNumber }) => frameNumber);
}

describe("ARP for the server that nobody answers", () => {
  it("shows why the client sent no unicast, where its broadcast is answered", () => {
    const run = looksForServer(bound(), 60).at(106, rebind()).at(106.002, ack()).until(120).run({ keepHealthy: false });
    expect(findings(run)).toEqual(["note unicast-blocked certain"]);
    expect(frames(finding(run, "unicast-blocked").evidence)).toEqual([5, 6, 7, 9]);
  });

  it("is a warning where it happens again and again", () => {
    const story = bound();
    for (const start of [0, 106, 212]) {
      looksForServer(story, start + 60)
        .at(start + 106, rebind())
        .at(start + 106.002, ack());
    }
    expect(alarms(story.until(330).run({ keepHealthy: false }))).toEqual(["warning unicast-blocked certain"]);
  });

  it("explains a lease that ran out without a REQUEST", () => {
    const run = looksForServer(bound(), 60)
      .at(120, discover({ xid: 2 }))
      .until(125)
      .run();
    expect(only(run, "renewal expired").main).toMatchObject({ cause: "unicast-blocked", confidence: "likely" });
    expect(frames(finding(run, "unicast-blocked").evidence)).toEqual([5, 6, 7]);
  });

  it("is nothing where the answer came", () => {
    const run = looksForServer(bound(), 60)
      .at(62.1, arp({ server: 1, target: CLIENT, answers: true }))
      .at(106, rebind())
      .at(106.002, ack())
      .until(120)
      .run();
    expect(findings(run)).toEqual([]);
  });

  it("is nothing where the unicast was sent all the same", () => {
    const run = looksForServer(bound(), 60).renewed(63).until(70).run();
    expect(findings(run)).toEqual([]);
  });

  it("is nothing beside broadcasts that have no answer either: the server is gone", () => {
    const run = looksForServer(bound(), 60)
      .at(106, rebind())
      .at(112, rebind({ secs: 6 }))
      .at(120, discover({ xid: 2 }))
      .until(130)
      .run();
    expect(only(run, "renewal expired").main?.cause).toBe("no-reply");
  });
});

describe("ARP for the client that nobody answers", () => {
  it("is evidence that the server had the request", () => {
    const run = bound()
      .at(60, renew())
      .at(60.01, arp({ server: 1, target: CLIENT }))
      .at(80, renew({ secs: 20 }))
      .at(80.01, arp({ server: 1, target: CLIENT }))
      .at(120, discover({ xid: 2 }))
      .until(125)
      .run();
    expect(frames(finding(run, "no-reply").evidence)).toEqual([5, 6, 7, 8, 9]);
  });

  it("is none where the client answered", () => {
    const run = bound()
      .at(60, renew())
      .at(60.01, arp({ server: 1, target: CLIENT }))
      .at(60.02, arp({ target: SERVER, answers: true }))
      .at(80, renew({ secs: 20 }))
      .until(100)
      .run();
    expect(frames(finding(run, "no-reply").evidence)).toEqual([5, 8]);
  });
});

describe("no-request", () => {
  it("names the frame that granted what was not renewed", () => {
    const story = bound().at(10, arp()).at(50, traffic()).at(110, traffic()).at(118, arp()).at(140, traffic());
    expect(frames(finding(story.until(200).run(), "no-request").evidence)).toEqual([4]);
  });
});
