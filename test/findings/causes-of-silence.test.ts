import { describe, expect, it } from "vitest";
import { ack, discover, rebind, renew, script, unreachable, type Script } from "../support/script.js";
import { causes, cycles, findings, lost, only } from "../support/script-view.js";
import type { MessageOptions } from "../support/script-messages.js";

function bound(options: MessageOptions = {}): Script {
  return script({ lease: 120, ...options }).bound(0);
}

function inOrder(story: Script): Script {
  story.frames.sort((a, b) => a.time - b.time);
  return story;
}

/** Unicasts at 60 and 80 to which nothing comes back; the rebind at 106 is answered. */
function onlyBroadcastAnswered(story: Script, request: MessageOptions = {}): Script {
  return story
    .at(60, renew(request))
    .at(80, renew({ secs: 20, ...request }))
    .at(106, rebind({ secs: 46 }))
    .at(106.002, ack());
}

describe("no-reply", () => {
  it("explains sound requests to which nothing comes back, though it may have been lost before a guest's own port", () => {
    const run = bound()
      .at(60, renew())
      .at(80, renew())
      .at(106, rebind())
      .at(120, discover({ xid: 2 }))
      .until(125)
      .run();
    expect(only(run, "renewal expired").main).toMatchObject({
      cause: "no-reply",
      confidence: "likely",
      alternatives: ["not-delivered"],
    });
    expect(lost(run).slice(0, 3)).toEqual([
      "REQUEST at 60: no-reply likely",
      "REQUEST at 80: no-reply likely",
      "REQUEST at 106: no-reply likely",
    ]);
  });

  it("is not said of a request that was sent in the last moment of the capture", () => {
    expect(causes(bound().at(60, renew()).until(60.3).run())).toEqual([]);
  });

  it("tells of a server that was silent to everybody, from when to when", () => {
    const story = script({ lease: 120 }).bound(0, { client: 1 }).bound(1, { client: 2 });
    story
      .at(60, renew({ client: 1 }))
      .at(61, renew({ client: 2 }))
      .at(70, renew({ client: 1, secs: 10 }))
      .at(71, renew({ client: 2, secs: 10 }))
      .at(90, renew({ client: 1, secs: 30 }))
      .at(90.01, ack({ client: 1 }))
      .at(91, renew({ client: 2, secs: 30 }))
      .at(91.01, ack({ client: 2 }));
    const run = story.until(100).run();
    expect(run.servers).toHaveLength(1);
    const [silence, ...more] = run.servers[0]?.silences ?? [];
    expect(more).toEqual([]);
    expect(silence).toMatchObject({ from: 1_700_000_060, requests: 4, answered: 0 });
    expect(silence?.to).toBeCloseTo(1_700_000_090.01, 3);
  });

  it("tells of no silence where the server answered others meanwhile", () => {
    const story = script({ lease: 120 }).bound(0, { client: 1 }).bound(1, { client: 2 });
    story.at(60, renew({ client: 1 })).at(70, renew({ client: 1, secs: 10 }));
    for (let other = 0; other < 40; other += 1) story.bound(60.1 + other / 2, { client: 3 + other });
    const run = inOrder(story).until(85).run();
    expect(run.servers[0]?.silences).toEqual([]);
    expect(lost(run).every((line) => line.includes("no-reply"))).toBe(true);
  });
});

describe("unicast-blocked", () => {
  it("explains unicasts without an answer where the broadcast has one", () => {
    const run = onlyBroadcastAnswered(bound()).renewed(166).until(170).run();
    expect(lost(run)).toEqual(["REQUEST at 60: unicast-blocked likely", "REQUEST at 80: unicast-blocked likely"]);
  });

  it("is certain where the server answered others in that time", () => {
    const story = onlyBroadcastAnswered(bound()).bound(70, { client: 2, xid: 5 });
    const run = inOrder(story.renewed(166)).until(170).run();
    expect(lost(run)[0]).toBe("REQUEST at 60: unicast-blocked certain");
  });

  it("is certain where it happens in each renewal", () => {
    const story = onlyBroadcastAnswered(bound())
      .at(166, renew())
      .at(186, renew({ secs: 20 }))
      .at(212, rebind({ secs: 46 }))
      .at(212.002, ack());
    expect(new Set(causes(story.until(240).run()))).toEqual(new Set(["unicast-blocked certain"]));
  });

  it("is not said where the server answered nobody until the broadcast came", () => {
    const story = script({ lease: 120 }).bound(0, { client: 1 }).bound(0.5, { client: 2 });
    onlyBroadcastAnswered(story)
      .at(65, discover({ client: 3, xid: 30 }))
      .at(69, discover({ client: 3, xid: 30 }))
      .at(77, discover({ client: 3, xid: 30 }))
      .at(90, discover({ client: 3, xid: 30 }));
    const run = inOrder(story).until(115).run();
    expect(only(run, "renewal renewed").main?.cause).toBe("no-reply");
  });

  it("is not said where unicasts are answered before and after: that one time was an accident", () => {
    const story = bound()
      .renewed(60)
      .at(120, renew())
      .at(140, renew({ secs: 20 }));
    const run = story
      .at(166, rebind({ secs: 46 }))
      .at(166.002, ack())
      .renewed(226)
      .until(230)
      .run();
    expect(run.diagnoses.find(({ main }) => main !== null)?.main).toMatchObject({
      cause: "no-reply",
      alternatives: ["unicast-blocked"],
    });
  });

  it("explains a lease that ran out before a rebind, where the next renewals are saved by theirs", () => {
    const story = bound()
      .at(60, renew())
      .at(80, renew({ secs: 20 }))
      .bound(120, { xid: 2 });
    const run = story
      .at(180, renew({ xid: 2 }))
      .at(200, renew({ xid: 2, secs: 20 }))
      .at(226, rebind({ xid: 2, secs: 46 }))
      .at(226.002, ack())
      .until(240)
      .run();
    expect(only(run, "renewal expired").main).toMatchObject({ cause: "unicast-blocked", confidence: "certain" });
  });

  it("is preferred to request-partial where the sound unicasts of another client are lost, too", () => {
    const story = script({ lease: 120 }).bound(0, { client: 1 }).bound(1, { client: 2 });
    for (const [client, sum, start] of [
      [1, "partial", 60],
      [2, "good", 61],
    ] as const) {
      story
        .at(start, renew({ client, sum }))
        .at(start + 20, renew({ client, sum, secs: 20 }))
        .at(start + 46, rebind({ client, secs: 46 }))
        .at(start + 46.002, ack({ client }));
    }
    expect(new Set(lost(inOrder(story).until(115).run()).map((line) => line.split(" ")[3]))).toEqual(
      new Set(["unicast-blocked"]),
    );
  });

  it("is not said where one of the unicasts was answered", () => {
    const run = bound().renewed(60).at(120, renew()).at(140, rebind()).at(140.002, ack()).until(150).run();
    expect(causes(run)).not.toContain("unicast-blocked certain");
  });
});

describe("request-partial", () => {
  it("is possible beside unicast-blocked, where partial unicasts are never answered and complete broadcasts are", () => {
    const run = onlyBroadcastAnswered(bound(), { sum: "partial" }).until(120).run();
    expect(only(run, "renewal renewed").main).toMatchObject({
      cause: "request-partial",
      confidence: "possible",
      alternatives: ["unicast-blocked"],
    });
  });

  it("is not said where the server has answered any partial request, even another client's", () => {
    const story = script({ lease: 120 }).bound(0, { client: 1 }).bound(1, { client: 2 });
    onlyBroadcastAnswered(story, { client: 1, sum: "partial" });
    story.at(61, renew({ client: 2, sum: "partial" })).at(61.002, ack({ client: 2 }));
    const run = inOrder(story).until(115).run();
    expect(lost(run).join()).toContain("unicast-blocked");
    expect(lost(run).join()).not.toContain("request-partial");
  });

  it("is not said where the server is behind a relay", () => {
    const relay = "10.0.0.200";
    const story = script({ lease: 120 }).bound(0, { relay });
    const run = story
      .at(60, renew({ sum: "partial" }))
      .at(80, renew({ secs: 20, sum: "partial" }))
      .at(106, rebind({ secs: 46, relay }))
      .at(106.002, ack({ relay }))
      .until(120)
      .run();
    expect(only(run, "renewal renewed").main?.cause).toBe("unicast-blocked");
  });

  it("is not said where complete requests have no answer either", () => {
    const run = bound()
      .at(60, renew({ sum: "partial" }))
      .at(80, renew({ sum: "partial" }))
      .at(106, rebind({ sum: "good" }))
      .at(120, discover({ xid: 2 }))
      .until(125)
      .run();
    expect(only(run, "renewal expired").main?.cause).toBe("no-reply");
  });
});

describe("request-bad", () => {
  it("explains requests with a bad sum and no answer, where a sound one is answered", () => {
    const run = onlyBroadcastAnswered(bound(), { sum: "bad" }).until(120).run();
    expect(lost(run)).toEqual(["REQUEST at 60: request-bad certain", "REQUEST at 80: request-bad certain"]);
  });

  it("is likely where no sound one was sent in that renewal", () => {
    const run = bound()
      .at(60, renew({ sum: "bad" }))
      .at(80, renew({ sum: "bad" }))
      .bound(90, { client: 2, xid: 5 })
      .until(100)
      .run();
    expect(only(run, "renewal pending").main).toMatchObject({
      cause: "request-bad",
      confidence: "likely",
      alternatives: ["no-reply"],
    });
  });

  it("is not said with confidence where the server answers nobody, sound requests neither", () => {
    const story = script({ lease: 120 }).bound(0, { client: 1 }).bound(1, { client: 2 });
    story.at(60, renew({ client: 1, sum: "bad" })).at(61, renew({ client: 2 }));
    story.at(75, renew({ client: 1, sum: "bad" })).at(76, renew({ client: 2 }));
    const main = story
      .until(90)
      .run()
      .diagnoses.find(({ cycle, main: why }) => why !== null && cycle.binding.client.address.endsWith("01"))?.main;
    expect([main?.cause, ...(main?.alternatives ?? [])]).toContain("no-reply");
    expect(main?.confidence).not.toBe("certain");
  });

  it("is no loss where the server answers it all the same", () => {
    const run = bound()
      .at(60, renew({ sum: "bad" }))
      .at(60.002, ack())
      .renewed(120)
      .until(130)
      .run();
    expect(findings(run)).toEqual([]);
  });
});

describe("port-unreachable", () => {
  it("explains a reply that the client's kernel refused, quoting it by IP id", () => {
    const run = bound()
      .at(60, renew())
      .at(60.002, ack())
      .at(60.0021, unreachable("reply"))
      .at(75, renew({ secs: 15 }))
      .at(75.002, ack())
      .at(75.0021, unreachable("reply"))
      .at(120, discover({ xid: 2 }))
      .run();
    expect(only(run, "renewal expired").main).toMatchObject({
      cause: "port-unreachable",
      confidence: "certain",
      witness: "icmp-quote",
    });
  });

  it("explains a request to a host where no server runs", () => {
    const run = bound().at(60, renew()).at(60.001, unreachable("request")).at(80, renew()).until(90).run();
    expect(lost(run)[0]).toBe("REQUEST at 60: port-unreachable certain");
  });

  it("is not said where the ICMP quotes another IP id, however well the time fits", () => {
    const run = bound()
      .at(60, renew())
      .at(60.002, ack())
      .at(60.0021, unreachable("reply", { ipId: 4711 }))
      .at(75, renew({ secs: 15 }))
      .at(75.002, ack())
      .at(75.0021, unreachable("reply", { ipId: 4712 }))
      .at(120, discover({ xid: 2 }))
      .run();
    expect(only(run, "renewal expired").main?.cause).toBe("reply-ignored");
  });

  it("is not said of another code than port unreachable", () => {
    const run = bound()
      .at(60, renew())
      .at(60.001, unreachable("request", { code: 1 }))
      .at(80, renew())
      .until(90)
      .run();
    expect(lost(run)[0]).toMatch(/no-reply/);
  });

  it("is no excuse for unicasts where the client takes refused replies to its broadcasts alone", () => {
    const story = bound();
    for (const start of [0, 106]) {
      story
        .at(start + 60, renew({ secs: 0 }))
        .at(start + 60.002, ack())
        .at(start + 60.0021, unreachable("reply"))
        .at(start + 106, rebind({ secs: 46 }))
        .at(start + 106.002, ack())
        .at(start + 106.0021, unreachable("reply"));
    }
    const run = story.renewed(280, { secs: 0 }).until(290).run();
    expect(lost(run)).toEqual(["REQUEST at 60: port-unreachable certain", "REQUEST at 166: port-unreachable certain"]);
  });

  it("gives way to late-reply where the client had closed its socket long before", () => {
    const run = script({ lease: 120, vendorClass: "udhcp 1.35.0" })
      .bound(0)
      .at(60, renew())
      .at(82, ack())
      .at(82.001, unreachable("reply"))
      .at(91, renew())
      .at(91.001, ack())
      .until(110)
      .run();
    expect(lost(run)).toEqual([expect.stringMatching(/^REQUEST at 60: late-reply/)]);
  });

  it("alone is no loss: udhcpc takes by raw socket what its kernel then refuses", () => {
    const run = bound()
      .at(60, renew())
      .at(60.002, ack())
      .at(60.0021, unreachable("reply"))
      .renewed(120)
      .at(120.0021, unreachable("reply"))
      .until(130)
      .run();
    expect(findings(run)).toEqual([]);
    expect(cycles(run)).toEqual(["acquisition bound", "renewal renewed", "renewal renewed"]);
  });
});
