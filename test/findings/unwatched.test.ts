import { describe, expect, it } from "vitest";
import type { Inspection } from "../../src/findings/inspection.js";
import { describe as words } from "../../src/findings/prose.js";
import { renewalRecord } from "../../src/report/records.js";
import { ack, discover, rebind, renew, request, script, traffic, type Script } from "../support/script.js";
import { alarms, causes, finding, findings, lost, outcomes } from "../support/script-view.js";
import { StatedStream } from "../support/stated-stream.js";

/** The words of the account of a finding. */
function account(run: Inspection, code: string): string {
  const { summary, detail } = words(finding(run, code), run);
  return `${summary} ${detail}`;
}

// Two clients whose unicasts pass here: it is a bridge, and answers that do not come were not sent this way.
const silent = script({ lease: 60 }).bound(1).bound(2, { client: 2 });
silent
  .at(31, renew({ secs: 0 }))
  .at(35, renew({ secs: 4 }))
  .at(43, renew({ secs: 12 }));
silent.at(43.01, ack()).at(60, traffic());

/** All of it is watched but the time of the gap, in which its frames are lost. */
function withGap(story: Script, from: number, until: number, to: number): Inspection {
  const before = story.frames.filter(({ time }) => time < from);
  const whole = Math.floor(from);
  const stream = new StatedStream().watch(0).seconds(0, whole, before);
  stream.frames(before.filter(({ time }) => time >= whole)).gap(from, "interface gone");
  return stream.watch(until).seconds(until, to, story.frames).inspect();
}

function watched(story: Script, to: number): Inspection {
  return new StatedStream().watch(0).seconds(0, to, story.frames).inspect();
}

describe("a request whose answer may have come while nobody watched", () => {
  it("is lost where all was watched, and the cause is certain", () => {
    expect(lost(watched(silent, 62))).toEqual(["REQUEST at 31: no-reply certain", "REQUEST at 35: no-reply certain"]);
  });

  it("is not counted as lost where the gap begins at once", () => {
    expect(lost(withGap(silent, 35.2, 40, 62))).toEqual(["REQUEST at 31: no-reply likely"]);
  });

  it("is lost, but why is not certain, where the gap begins later", () => {
    expect(lost(withGap(silent, 38, 40, 62))).toEqual([
      "REQUEST at 31: no-reply certain",
      "REQUEST at 35: no-reply likely",
    ]);
  });

  it("is why a lease was lost, if the client shows that it was; how sure that is, is said", () => {
    const story = script({ lease: 60 }).bound(1).bound(2, { client: 2 });
    story
      .at(55, rebind({ xid: 7 }))
      .bound(61, { xid: 8 })
      .at(80, traffic());
    expect(alarms(watched(story, 82))).toContain("error no-reply likely");
    const run = withGap(story, 55.3, 60, 82);
    expect(alarms(run)).toContain("error no-reply possible");
    expect(account(run, "no-reply")).toContain(
      "Nothing was seen from 2023-11-14 22:14:15 UTC to 2023-11-14 22:14:20 UTC",
    );
    expect(account(run, "no-reply")).not.toContain("would have been seen");
  });

  it("does not count as a unicast that is blocked", () => {
    const story = script({ lease: 60 })
      .bound(1)
      .at(31, renew({ xid: 3 }))
      .at(35, renew({ xid: 3, secs: 4 }));
    story
      .at(54, rebind({ xid: 3, secs: 23 }))
      .at(54.01, ack({ xid: 3 }))
      .at(80, traffic());
    expect(causes(watched(story, 82))).toEqual(["unicast-blocked likely"]);
    expect(causes(withGap(story, 31.1, 40, 82))).toEqual([]);
  });
});

describe("a capture that lost frames", () => {
  function dropping(story: Script, at: number, dropped: number, to: number): Inspection {
    const stream = new StatedStream().watch(0).say("tap0", 0, { until: 0, dropped: 0 });
    stream.seconds(0, at, story.frames).say("tap0", at, { until: at, dropped: 0 });
    stream.seconds(at, at + 2, story.frames).say("tap0", at + 2, { until: at + 2, dropped });
    return stream.seconds(at + 2, to, story.frames).inspect();
  }

  it("is certain of no silence in that time, and says so", () => {
    const run = dropping(silent, 32, 40, 62);
    expect(lost(run)).toEqual(["REQUEST at 31: no-reply likely", "REQUEST at 35: no-reply certain"]);
    expect(findings(run)).toContain("note drops certain");
    expect(words(finding(run, "drops"), run).summary).toBe(
      "The capture lost 40 frames on tap0 between 2023-11-14 22:13:52 UTC and 2023-11-14 22:13:54 UTC: what is missing in that time may be among them.",
    );
  });

  it("says nothing of counts that do not grow", () => {
    const run = dropping(silent, 32, 0, 62);
    expect(findings(run)).toEqual(findings(watched(silent, 62)));
  });

  it("does not take a client for one whose replies pass elsewhere", () => {
    // OFFER and ACK are lost.
    const story = script({ lease: 60 }).at(33, discover()).at(33.5, request()).renewed(63.5, { xid: 9 });
    expect(findings(watched(story, 70))).toContain("note blind certain");
    expect(findings(dropping(story, 33, 1, 70))).not.toContain("note blind certain");
  });
});

describe("a reply that was read after the capture had stood still", () => {
  /** The capture process stands still from 31.1 to 36, and then stamps what waited for it. */
  function stalled(story: Script, to: number): Inspection {
    const stream = new StatedStream().watch(0, ["tap0"], true);
    stream.seconds(0, 31, story.frames).frames(story.frames.filter(({ time }) => time >= 31 && time < 32));
    const comments = [{ kind: "stalled", from: 1_700_000_031.1, to: 1_700_000_036 }] as const;
    stream.say("tap0", 36, { until: 31.1, comments });
    return stream.seconds(36, to, story.frames).inspect();
  }

  it("is not late: by its stamp only", () => {
    const story = script({ lease: 35 })
      .bound(1)
      .at(31, renew({ xid: 5 }))
      .at(36, ack({ xid: 5 }));
    story.bound(36.5, { xid: 6 }).at(50, traffic());
    expect(outcomes(watched(story, 52))).toContain("ACK ignored late");
    expect(causes(watched(story, 52))).toEqual(["late-reply likely"]);
    const run = stalled(story, 52);
    expect(causes(run)).toEqual(["reply-ignored possible"]);
    expect(account(run, "reply-ignored")).toContain(
      "The program that stamps the frames stood still from 2023-11-14 22:13:51 UTC to 2023-11-14 22:13:56 UTC: what it read then came up to 5 s earlier than its stamp says.",
    );
  });

  it("is recorded with how long it took at least", () => {
    const story = script({ lease: 60 })
      .bound(1)
      .at(31, renew({ xid: 5 }))
      .at(36, ack({ xid: 5 }));
    story.at(50, traffic());
    const replies = (run: Inspection): unknown[] =>
      run.diagnoses.flatMap((diagnosis) => {
        const { cycle } = diagnosis;
        return cycle.kind === "renewal" ? renewalRecord(diagnosis, cycle, true).attempts[0]?.replies : [];
      });
    expect(replies(watched(story, 60))).toEqual([expect.not.objectContaining({ latencyAtLeast: 0.1 })]);
    expect(replies(stalled(story, 60))).toEqual([expect.objectContaining({ latency: 5, latencyAtLeast: 0.1 })]);
  });

  it("makes no server slow, and no silence of one", () => {
    const story = script({ lease: 60 })
      .bound(1)
      .at(31, renew({ xid: 5 }))
      .at(36, ack({ xid: 5 }));
    story.renewed(61, { xid: 6 }).at(90, traffic());
    const slowest = (run: Inspection): number => Math.max(...run.servers.flatMap(({ server }) => server.latencies));
    expect(slowest(watched(story, 92))).toBeCloseTo(5, 3);
    expect(slowest(stalled(story, 92))).toBeLessThan(0.01);
    expect(stalled(story, 92).servers.flatMap(({ silences }) => silences)).toEqual([]);
  });

  it("took so long at least, and so long at most, where the client had begun anew before it", () => {
    const story = script({ lease: 60 })
      .bound(1)
      .at(20, renew({ xid: 5 }))
      .at(31, discover({ xid: 6 }));
    story
      .at(36, ack({ xid: 5 }))
      .bound(37, { xid: 6 })
      .at(60, traffic());
    expect(account(watched(story, 62), "late-reply")).toContain("only after 16 s,");
    expect(account(stalled(story, 62), "late-reply")).toContain("only after at least 11 s and at most 16 s,");
  });
});
