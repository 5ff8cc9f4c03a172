import { describe, expect, it } from "vitest";
import { ack, discover, nak, offer, rebind, renew, request, script, type Script } from "../support/script.js";
import type { MessageOptions } from "../support/script-messages.js";
import { alarms, causes, cycles, finding, lost, only } from "../support/script-view.js";

/** A lease of 120 s, granted with complete sums. */
function bound(): Script {
  return script({ lease: 120 }).bound(0);
}

/** Renewals at 60 and 75 that are answered with such replies, and ignored; then a DISCOVER at expiry. */
function ignoredUpToExpiry(reply: MessageOptions): Script {
  return bound()
    .at(60, renew())
    .at(60.002, ack(reply))
    .at(75, renew({ secs: 15 }))
    .at(75.002, ack(reply))
    .at(120, discover({ xid: 2 }));
}

/** What comes after it: the client is bound again. */
function boundAgain(story: Script, sum: "good" | "partial"): Script {
  return story
    .at(120.002, offer({ sum }))
    .at(120.003, request({ xid: 2 }))
    .at(120.004, ack({ sum }))
    .renewed(180, { xid: 2, sum })
    .until(190);
}

describe("offload-partial", () => {
  it("explains partial ACKs that a client ignored until its lease was gone, though it boots with complete ones", () => {
    const run = boundAgain(ignoredUpToExpiry({ sum: "partial" }), "good").run();
    expect(cycles(run)).toContain("renewal expired");
    expect(only(run, "renewal expired").main).toMatchObject({
      cause: "offload-partial",
      confidence: "certain",
      witness: "sound-reply-taken",
    });
    expect(lost(run)).toEqual(["REQUEST at 60: offload-partial certain", "REQUEST at 75: offload-partial certain"]);
  });

  it("explains partial ACKs to unicasts where the good one to the rebind is taken", () => {
    const run = bound()
      .at(60, renew())
      .at(60.002, ack({ sum: "partial" }))
      .at(75, renew({ secs: 15 }))
      .at(75.002, ack({ sum: "partial" }))
      .at(106, rebind({ secs: 46 }))
      .at(106.002, ack({ sum: "good" }))
      .renewed(166)
      .until(170)
      .run();
    expect(causes(run)).toEqual(["offload-partial certain"]);
  });

  it("explains partial OFFERs that are never taken", () => {
    const run = script()
      .at(0, discover())
      .at(0.01, offer({ sum: "partial" }))
      .at(4, discover())
      .at(4.01, offer({ sum: "partial" }))
      .at(12, discover())
      .at(12.01, offer({ sum: "partial" }))
      .at(28, discover())
      .until(40)
      .run();
    expect(finding(run, "offload-partial")).toMatchObject({ severity: "error", confidence: "likely" });
  });

  it("is never said of Android, which takes replies without looking at the sum", () => {
    const run = script({ lease: 120, vendorClass: "android-dhcp-13" })
      .bound(0)
      .at(60, renew())
      .at(60.002, ack({ sum: "partial" }))
      .at(75, renew({ secs: 15 }))
      .at(75.002, ack({ sum: "partial" }))
      .at(120, discover({ xid: 2 }))
      .run();
    expect(only(run, "renewal expired").main?.cause).toBe("reply-ignored");
    expect(only(run, "renewal expired").main?.alternatives).toContain("offload-partial");
  });

  it("is said of the sum that the client met, not of the one before the bridge completed it", () => {
    const two = { points: ["br0", "vnet0"] };
    const story = (near: "good" | "partial", far: "good" | "partial"): Script =>
      bound()
        .at(60, renew({ point: 1 }))
        .again(60.0001, { point: 0 })
        .at(60.002, ack({ point: 0, sum: far }))
        .again(60.0022, { point: 1, sum: near })
        .at(75, renew({ point: 1, secs: 15 }))
        .again(75.0001, { point: 0 })
        .at(75.002, ack({ point: 0, sum: far }))
        .again(75.0022, { point: 1, sum: near })
        .at(120, discover({ xid: 2, point: 1 }));
    expect(causes(story("good", "partial").run(two))[0]).toMatch(/^reply-ignored/);
    expect(causes(story("partial", "good").run(two))[0]).toMatch(/^offload-partial/);
  });
});

describe("a client that loses partial replies now and then, and takes the next", () => {
  it("is not likely to refuse their sums when it loses more of them at last", () => {
    const sum = "partial";
    const story = script({ lease: 120, sum: "good" }).bound(0).renewed(60, { sum });
    for (const start of [120, 195]) {
      story.at(start, renew()).at(start + 0.002, ack({ sum }));
      story.at(start + 15, renew({ secs: 15 })).at(start + 15.002, ack({ sum }));
    }
    for (const secs of [0, 15, 30]) story.at(270 + secs, renew({ secs })).at(270.002 + secs, ack({ sum }));
    const last = story
      .at(310, rebind({ secs: 40 }))
      .run()
      .diagnoses.at(-1);
    expect(last?.main).toMatchObject({ cause: "offload-partial", confidence: "possible" });
  });
});

describe("checksum-bad", () => {
  it.each(["bad", "bit-flip", "no-pseudo-header"] as const)("explains ignored ACKs with a sum that is %s", (sum) => {
    const run = boundAgain(ignoredUpToExpiry({ sum }), "good").run();
    expect(only(run, "renewal expired").main).toMatchObject({
      cause: "checksum-bad",
      confidence: "certain",
      witness: "damaged-replies",
    });
  });

  it("is not said of a sum that is absent: that is legal, and every client takes it", () => {
    const run = boundAgain(ignoredUpToExpiry({ sum: "absent" }), "good").run();
    expect(only(run, "renewal expired").main?.cause).toBe("reply-ignored");
  });
});

describe("reply-ignored", () => {
  it("explains sound ACKs that the client does not take", () => {
    const run = ignoredUpToExpiry({ sum: "good" }).run();
    expect(only(run, "renewal expired").main).toMatchObject({ cause: "reply-ignored", confidence: "certain" });
  });

  it("explains a whole run of ignored replies if one of them was sound, partial ones being the alternative", () => {
    const run = bound()
      .at(60, renew())
      .at(60.002, ack({ sum: "partial" }))
      .at(75, renew({ secs: 15 }))
      .at(75.002, ack({ sum: "good" }))
      .at(106, rebind({ secs: 46 }))
      .at(106.002, ack({ sum: "partial" }))
      .at(120, discover({ xid: 2 }))
      .run();
    const { main, causes: judged } = only(run, "renewal expired");
    expect(main).toMatchObject({ cause: "reply-ignored", alternatives: ["offload-partial"] });
    expect(new Set([...judged.values()].map(({ cause }) => cause))).toEqual(new Set(["reply-ignored"]));
  });

  it("explains a partial ACK at the end if a sound OFFER was ignored in the same run: raw sockets show the contrast", () => {
    const run = ignoredUpToExpiry({ sum: "partial" })
      .at(120.002, offer({ sum: "good" }))
      .at(124, discover({ xid: 2 }))
      .at(124.002, offer({ sum: "good" }))
      .at(128, discover({ xid: 2 }))
      .run();
    expect(only(run, "renewal expired").main).toMatchObject({
      cause: "reply-ignored",
      alternatives: ["offload-partial"],
    });
  });

  it("is possible for one ignored partial ACK between others that were taken", () => {
    const run = script({ lease: 120 })
      .bound(0, { sum: "partial" })
      .renewed(60, { sum: "partial" })
      .renewed(120, { sum: "partial" })
      .at(128, renew({ secs: 8 }))
      .at(128.002, ack({ sum: "partial" }))
      .renewed(188, { sum: "partial" })
      .until(200)
      .run();
    expect(causes(run)).toEqual(["reply-ignored possible"]);
    expect(alarms(run)).toEqual([]);
  });
});

describe("wrong-reply", () => {
  function answered(reply: MessageOptions): Script {
    return bound()
      .at(60, renew({ xid: 2 }))
      .at(60.1, ack(reply))
      .at(70, renew({ xid: 2, secs: 10 }))
      .at(70.1, ack(reply))
      .at(106, rebind({ xid: 2, secs: 46 }))
      .at(106.1, ack(reply))
      .at(120, discover({ xid: 3 }));
  }

  it.each([
    ["another xid", { xid: 99 }, "certain"],
    ["another hardware address", { chaddr: [2, 2, 2, 2, 2, 2] }, "certain"],
    ["no lease time", { lease: null }, "likely"],
    ["no server identifier", { serverId: null }, "likely"],
  ] as const)("explains replies with %s", (_name, reply, confidence) => {
    const run = answered(reply).run();
    expect(only(run, "renewal expired").main).toMatchObject({ cause: "wrong-reply", confidence });
    expect(lost(run)).toHaveLength(3);
  });

  it("explains an ACK of another server than the one that was chosen", () => {
    const run = script()
      .at(0, discover())
      .at(0.01, offer())
      .at(0.02, request())
      .at(0.03, ack({ serverId: "10.0.0.2" }))
      .at(4, request())
      .at(4.03, ack({ serverId: "10.0.0.2" }))
      .at(12, request())
      .at(12.03, ack({ serverId: "10.0.0.2" }))
      .at(28, discover({ xid: 2 }))
      .until(40)
      .run();
    expect(
      new Set(
        lost(run)
          .slice(0, 3)
          .map((line) => line.replace(/.*: /, "")),
      ),
    ).toEqual(new Set(["wrong-reply certain"]));
  });

  it("is no loss where the right reply comes as well", () => {
    const run = bound()
      .at(60, renew({ xid: 2 }))
      .at(60.1, ack({ xid: 99 }))
      .at(60.2, ack({ xid: 2 }))
      .renewed(120, { xid: 3 })
      .until(130)
      .run();
    expect(causes(run)).toEqual([]);
    expect(alarms(run)).toEqual([]);
  });
});

describe("offload-partial", () => {
  it("is not certain where the partial replies that were ignored came in one breath", () => {
    const run = script({ lease: 120 })
      .at(0, renew())
      .at(30, renew({ secs: 30 }))
      .at(55, ack({ sum: "partial", ipId: 701 }))
      .at(55.0002, ack({ sum: "partial", ipId: 702 }))
      .at(58, rebind({ secs: 58 }))
      .bound(60, { xid: 2 })
      .renewed(120, { xid: 2, sum: "good" })
      .run();
    expect(only(run, "renewal expired").causes.size).toBe(3);
    expect(causes(run)).toEqual(["offload-partial likely"]);
  });
});

describe("nak", () => {
  it("explains a renewal that the server refused", () => {
    const run = bound()
      .at(60, renew())
      .at(60.01, nak({ message: "wrong network" }))
      .bound(60.1, { xid: 2, address: "10.0.0.177" })
      .until(90)
      .run();
    expect(only(run, "renewal refused").main).toMatchObject({ cause: "nak", confidence: "certain" });
    expect(finding(run, "nak")).toMatchObject({ severity: "error" });
  });

  it("is the cause of a renewal whatever was lost before it", () => {
    const run = bound()
      .at(60, renew())
      .at(70, renew({ secs: 10 }))
      .at(80, renew({ secs: 20 }))
      .at(80.01, nak())
      .at(80.02, discover({ xid: 2 }))
      .run();
    expect(only(run, "renewal refused").main?.cause).toBe("nak");
  });

  it("whose sum is partial is a refusal all the same, if the client obeyed", () => {
    const run = bound()
      .at(60, renew())
      .at(60.01, nak({ sum: "partial" }))
      .at(60.02, discover({ xid: 2 }))
      .run();
    expect(only(run, "renewal refused").main).toMatchObject({ cause: "nak", confidence: "certain" });
  });

  it("is not the cause where the client ignored it", () => {
    const run = bound()
      .at(60, renew())
      .at(60.01, nak({ sum: "partial" }))
      .at(68, renew({ secs: 8 }))
      .at(68.01, nak({ sum: "partial" }))
      .at(84, renew({ secs: 24 }))
      .at(120, discover({ xid: 2 }))
      .until(125)
      .run();
    expect(cycles(run)).not.toContain("renewal refused");
    expect(lost(run)[0]).toMatch(/offload-partial/);
  });
});
