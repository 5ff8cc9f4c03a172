import { describe, expect, it } from "vitest";
import { feed } from "../support/script-feed.js";
import { clientMac } from "../support/script-frames.js";
import { ack, discover, nak, renew, script, unreachable } from "../support/script.js";

/** Seconds; far more than any of these needs, far less than a quadratic algorithm takes. */
const PATIENCE = 10_000;

describe("what strangers send stays bounded", () => {
  it("in attempts of one renewal: the first and the last are kept, the rest is counted", { timeout: PATIENCE }, () => {
    const story = script({ lease: 86_400 });
    for (let count = 0; count < 5000; count += 1) story.at(count, renew({ secs: count }));
    const [diagnosis] = story.run().diagnoses;
    const { attempts, dropped } = diagnosis?.cycle ?? { attempts: [], dropped: 0 };
    expect(attempts.length).toBeLessThanOrEqual(1000);
    expect(attempts.length + dropped).toBe(5000);
    expect(attempts[0]?.message.secs).toBe(0);
    expect(attempts.at(-1)?.message.secs).toBe(4999);
  });

  it("in client identifiers of one hardware address", { timeout: PATIENCE }, () => {
    const story = script();
    for (let count = 0; count < 3000; count += 1) {
      story.at(count, discover({ xid: count + 1, clientId: [0, count >> 8, count & 0xff] }));
    }
    const run = story.run();
    expect(run.clients).toBe(1);
    const bindings = new Set(run.diagnoses.map(({ cycle }) => cycle.binding.client.bindings.length));
    expect(Math.max(...bindings)).toBeLessThanOrEqual(100);
  });

  it("in replies to one request", { timeout: PATIENCE }, () => {
    const story = script({ lease: 120 }).bound(0).at(60, renew());
    for (let count = 0; count < 3000; count += 1) story.at(60.1 + count * 0.01, ack({ ipId: count + 1 }));
    const [, renewal] = story.run().diagnoses;
    expect(renewal?.cycle.outcome).toBe("renewed");
    expect(renewal?.causes.size).toBe(0);
  });

  it("in NAKs to one request", { timeout: PATIENCE }, () => {
    const story = script({ lease: 120 }).bound(0).at(60, renew());
    for (let count = 0; count < 3000; count += 1) story.at(60.1 + count * 0.01, nak({ ipId: count + 1 }));
    expect(story.run().findings).toHaveLength(1);
  });

  it("in clients that ask in one moment with one xid", { timeout: PATIENCE }, () => {
    const story = script();
    for (let count = 1; count <= 3000; count += 1) story.at(count * 0.0001, discover({ client: count }));
    expect(story.run().clients).toBe(3000);
  });

  it("in servers that answer one client", { timeout: PATIENCE }, () => {
    const story = script({ lease: 120 }).bound(0).at(60, renew());
    for (let count = 0; count < 5000; count += 1) {
      story.at(60.1 + count * 0.001, ack({ serverId: `10.${1 + (count >> 16)}.${(count >> 8) & 255}.${count & 255}` }));
    }
    expect(story.run().servers.length).toBeLessThanOrEqual(4096);
  });

  it("in ICMP errors about nothing", { timeout: PATIENCE }, () => {
    const story = script({ lease: 120 }).bound(0).at(60, renew());
    for (let count = 0; count < 3000; count += 1) {
      story.at(60.1 + count * 0.001, unreachable("request", { ipId: count }));
    }
    const [, renewal] = story.until(120).run().diagnoses;
    expect(renewal?.cycle.attempts[0]?.unreachable.length).toBeLessThanOrEqual(2);
  });

  it("in errors that quote one request", { timeout: PATIENCE }, () => {
    const story = script({ lease: 120 }).bound(0).at(60, renew());
    for (let count = 0; count < 3000; count += 1) story.at(60.1 + count * 0.001, unreachable("request"));
    const [finding] = story.until(120).run().findings;
    expect(finding?.evidence.length).toBeLessThanOrEqual(200);
  });

  it("in evidence of one finding", { timeout: PATIENCE }, () => {
    const story = script({ lease: 20 });
    for (let count = 0; count < 400; count += 1) {
      const at = count * 30;
      story
        .bound(at, { xid: 2 * count + 1 })
        .at(at + 10, renew({ xid: 2 * count + 2 }))
        .at(at + 18, renew({ xid: 2 * count + 2, secs: 8 }));
    }
    const run = story.until(12_030).run();
    const [loss, ...more] = run.findings.filter(({ kind }) => kind === "loss");
    expect(more).toEqual([]);
    expect(loss?.evidence.length).toBeLessThanOrEqual(200);
  });
});

describe("hardware addresses", () => {
  it("of another length than six octets are clients as well", () => {
    const story = script({ chaddr: [...clientMac(1), 7, 8], lease: 120 })
      .bound(0)
      .renewed(60)
      .until(70);
    expect(story.run().findings).toEqual([]);
  });

  it("that are missing altogether do not stop anything", () => {
    const frames = script({ chaddr: [] }).bound(0).renewed(60).frames;
    expect(() => feed(frames)).not.toThrow();
  });
});
