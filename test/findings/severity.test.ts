import { describe, expect, it } from "vitest";
import { ack, arp, discover, nak, offer, rebind, renew, request, script, type Script } from "../support/script.js";
import { isAtLeast } from "../../src/findings/severity.js";
import { alarms, findings } from "../support/script-view.js";
import type { MessageOptions } from "../support/script-messages.js";

function bound(options: MessageOptions = {}): Script {
  return script({ lease: 120, ...options }).bound(0);
}

/** The severities of all findings but of partial sums seen. */
function severities(story: Script): string[] {
  return findings(story.run())
    .filter((finding) => !finding.includes("partial-seen"))
    .map((finding) => finding.replace(/ .*/, ""));
}

/** A renewal at `time` that is lost so many times, 8 s apart, and then succeeds. */
function recovered(story: Script, time: number, losses: number, reply?: MessageOptions): Script {
  for (let loss = 0; loss < losses; loss += 1) {
    story.at(time + 8 * loss, renew({ secs: 8 * loss }));
    if (reply !== undefined) story.at(time + 8 * loss + 0.01, ack(reply));
  }
  const last = time + 8 * losses;
  return story.at(last, renew({ secs: 8 * losses })).at(last + 0.01, ack());
}

describe("an error is", () => {
  it.each([
    [
      "a lease that expired",
      bound()
        .at(60, renew())
        .at(106, rebind())
        .at(120, discover({ xid: 2 })),
    ],
    [
      "a lease that was refused",
      bound()
        .at(60, renew())
        .at(60.1, nak())
        .at(60.2, discover({ xid: 2 })),
    ],
    [
      "a lease that was given up before its end",
      bound()
        .at(60, renew())
        .at(80, renew())
        .at(90, discover({ xid: 2 })),
    ],
    ["two lost attempts at the end of view", bound().at(60, renew()).at(75, renew()).until(80)],
    ["an expiry that nobody saw but the clock", bound().at(60, renew()).at(90, renew()).at(106, rebind()).until(140)],
    ["a silent client that is there", bound().at(10, arp()).at(112, arp()).at(125, arp()).until(200)],
    [
      "an expiry whose lease began before the capture",
      script()
        .at(0, renew())
        .at(30, rebind())
        .at(50, discover({ xid: 2 })),
    ],
  ])("%s", (_name, story) => {
    expect(severities(story)).toEqual(["error"]);
  });

  it("a client that is still unbound after three attempts", () => {
    const story = script().at(0, discover()).at(4, discover()).at(12, discover()).until(30);
    expect(severities(story)).toEqual(["error"]);
  });

  it("a client that is still unbound after three REQUESTs without an ACK", () => {
    const story = script().at(0, discover()).at(0.1, offer());
    story.at(0.2, request()).at(4, request()).at(12, request()).until(30);
    expect(severities(story)).toEqual(["error"]);
  });
});

describe("a warning is", () => {
  it("a renewal that was lost twice and then recovered", () => {
    expect(severities(recovered(bound(), 60, 2).until(100))).toEqual(["warning"]);
  });

  it("a client that needs a second attempt again and again", () => {
    const story = bound();
    for (let time = 60; time < 600; time += 70) recovered(story, time, 1);
    expect(severities(story.until(640))).toEqual(["warning"]);
  });

  it("one partial reply that was ignored, a sound one being taken", () => {
    expect(severities(recovered(bound(), 60, 1, { sum: "partial" }).renewed(128).until(130))).toEqual(["warning"]);
  });

  it("one damaged reply that was ignored, a sound one being taken", () => {
    expect(severities(recovered(bound(), 60, 1, { sum: "bad" }).renewed(128).until(130))).toEqual(["warning"]);
  });

  it("replies that were ignored in an acquisition that ended bound", () => {
    const story = script()
      .at(0, discover())
      .at(0.1, offer({ sum: "partial" }))
      .at(4, discover());
    story
      .at(4.1, offer({ sum: "partial" }))
      .at(12, discover())
      .at(12.1, offer())
      .at(12.2, request())
      .at(12.3, ack());
    expect(severities(story.until(40))).toEqual(["warning"]);
  });

  it("a silent client that comes back with DISCOVER", () => {
    expect(severities(bound().bound(500, { xid: 2 }).until(530))).toEqual(["warning"]);
  });

  it("three unanswered DISCOVERs before being bound", () => {
    const story = script().at(0, discover()).at(4, discover()).at(12, discover()).bound(28).until(60);
    expect(severities(story)).toEqual(["warning"]);
  });
});

describe("a note is", () => {
  it("one lost attempt that the next one rescued", () => {
    expect(severities(recovered(bound(), 60, 1).until(80))).toEqual(["note"]);
  });

  it.each([1, 2])("%i unanswered DISCOVERs before being bound", (count) => {
    const story = script();
    for (let index = 0; index < count; index += 1) story.at(index * 4, discover());
    expect(severities(story.bound(20).until(50))).toEqual(["note"]);
  });

  it("an INIT-REBOOT that is refused and then bound", () => {
    const story = script()
      .bound(0)
      .at(10, discover({ xid: 2 }));
    expect(alarms(story.run())).toEqual([]);
  });

  it("one lost attempt at the end of view", () => {
    expect(severities(bound().at(60, renew()).until(66))).toEqual(["note"]);
  });

  it("a silent client that is gone", () => {
    expect(severities(bound().at(10, arp()).until(500))).toEqual(["note"]);
  });
});

describe("partial sums that harm nobody", () => {
  it("are one note for the path, not one for each frame or client", () => {
    const story = script({ lease: 120 });
    for (let client = 1; client <= 6; client += 1) story.bound(client, { client, sum: "partial" });
    for (let cycle = 1; cycle <= 3; cycle += 1) {
      for (let client = 1; client <= 6; client += 1) story.renewed(cycle * 60 + client, { client, sum: "partial" });
    }
    expect(findings(story.until(190).run())).toEqual(["note partial-seen certain"]);
  });

  it("are never more than a note beside a renewal that was lost for another reason", () => {
    const story = bound({ sum: "partial" }).renewed(60, { sum: "partial" });
    const run = recovered(story, 120, 1).until(140).run();
    expect(alarms(run)).toEqual([]);
  });

  it("are one note for each server", () => {
    const story = script({ lease: 120 })
      .bound(0, { client: 1, server: 1, sum: "partial" })
      .bound(1, { client: 2, server: 2, sum: "partial" })
      .renewed(60, { client: 1, server: 1, sum: "partial" })
      .renewed(61, { client: 2, server: 2, sum: "partial" })
      .until(70);
    expect(findings(story.run())).toEqual(["note partial-seen certain", "note partial-seen certain"]);
  });
});

describe("findings", () => {
  it("are one for each client and cause, however many renewals were spoiled", () => {
    const story = script({ lease: 120 });
    for (let round = 0; round < 4; round += 1) {
      const at = round * 200;
      story.bound(at, { xid: 3 * round + 1 });
      story.at(at + 60, renew({ xid: 3 * round + 2 })).at(at + 80, renew({ xid: 3 * round + 2, secs: 20 }));
      story.at(at + 106, rebind({ xid: 3 * round + 2, secs: 46 })).at(at + 120, discover({ xid: 3 * round + 3 }));
    }
    const run = story.until(730).run();
    const losses = run.findings.filter(({ kind }) => kind === "loss");
    expect(losses.map(({ severity, code }) => `${severity} ${code}`)).toEqual(["error no-reply"]);
    const [loss] = losses;
    const renewals = loss?.kind === "loss" ? loss.diagnoses.filter(({ cycle }) => cycle.kind === "renewal") : [];
    expect(renewals).toHaveLength(4);
  });

  it("are apart for two clients with the same cause", () => {
    const story = script({ lease: 120 }).bound(0, { client: 1 }).bound(1, { client: 2 });
    story
      .at(60, renew({ client: 1 }))
      .at(61, renew({ client: 2 }))
      .at(80, renew({ client: 1 }));
    story.at(81, renew({ client: 2 })).until(90);
    const losses = story.run().findings.filter(({ kind }) => kind === "loss");
    expect(losses.map(({ code, severity }) => `${severity} ${code}`)).toEqual(["error no-reply", "error no-reply"]);
  });

  it("are apart for two causes of one client", () => {
    const story = bound()
      .at(60, renew())
      .at(80, renew())
      .at(106, rebind())
      .at(120, discover({ xid: 2 }));
    story
      .bound(130, { xid: 3 })
      .at(190, renew({ xid: 3 }))
      .at(190.1, nak())
      .at(190.2, discover({ xid: 4 }))
      .until(200);
    const losses = story.run().findings.filter(({ severity }) => severity === "error");
    expect(losses.map(({ code }) => code).sort()).toEqual(["nak", "no-reply"]);
  });

  it("come worst first, and are numbered", () => {
    const story = script({ lease: 120 }).bound(0, { client: 1 }).bound(1, { client: 2 });
    recovered(story, 60, 1);
    story
      .at(62, renew({ client: 2 }))
      .at(90, renew({ client: 2 }))
      .at(121, discover({ client: 2, xid: 2 }));
    story.frames.sort((a, b) => a.time - b.time);
    const run = story.until(127).run();
    expect(run.findings.map(({ severity }) => severity).slice(0, 2)).toEqual(["error", "note"]);
    expect(new Set(run.findings.map(({ id }) => id)).size).toBe(run.findings.length);
  });

  it("name their evidence in order of time, the lost attempts and what came back", () => {
    const story = recovered(bound(), 60, 2, { sum: "partial" }).renewed(136).until(140);
    const loss = story.run().findings.find(({ kind }) => kind === "loss");
    expect(loss?.evidence.map(({ frameNumber }) => frameNumber)).toEqual([5, 6, 7, 8, 10]);
  });
});

describe("the threshold of an exit code", () => {
  it("is met by what is as bad or worse", () => {
    expect(isAtLeast("error", "warning")).toBe(true);
    expect(isAtLeast("warning", "warning")).toBe(true);
    expect(isAtLeast("note", "warning")).toBe(false);
    expect(isAtLeast("note", "note")).toBe(true);
    expect(isAtLeast("warning", "error")).toBe(false);
  });
});
