import { join } from "node:path";
import { expect, it } from "vitest";
import type { Frame, LeasetapRecord } from "../../src/report/events.js";
import { told } from "../scenarios/recordings.js";
import { describeWithShared } from "../support/shared.js";
import { sorted, type Told } from "./captures.js";

/** The frames of each message, request or reply, that some attempt holds. */
function messagesOf(all: readonly LeasetapRecord[]): number[][] {
  const cycles = all.filter((record) => record.type === "acquisition" || record.type === "renewal");
  return cycles.flatMap(({ attempts }) =>
    attempts.flatMap(({ sightings, replies }) =>
      [sightings, ...replies.map((reply) => reply.sightings)].map((list) =>
        list.flatMap(({ ref }) => ("frame" in ref ? [ref.frame] : [])),
      ),
    ),
  );
}

const kinds = (frames: readonly Frame[]): Set<string | undefined> => new Set(frames.map(({ dhcp }) => dhcp?.message));
const alarms = ({ findings }: Told): string[] =>
  findings.flatMap(({ code, severity }) => (severity === "note" ? [] : [`${severity} ${code}`]));

describeWithShared("a capture on any", (shared) => {
  const folder = join(shared, "scenarios", "x02-any-cooked");
  const corpus = join(shared, "corpus", "captures");

  it("version 2: each message is one, seen at several interfaces", async () => {
    const seen = sorted(await told(join(folder, "any-sll2.pcap")));
    expect(seen.frames).toHaveLength(10);
    expect(new Set(seen.frames.map((frame) => frame.interface)).size).toBeGreaterThan(1);
    for (const frame of seen.frames) expect(frame.interface).toMatch(/^if\d+$/);
    expect(seen.all.at(-1)).toMatchObject({ clients: 1, acquisitions: { bound: 1 }, attemptsLost: 0 });
    expect(alarms(seen)).toEqual([]);
    const messages = messagesOf(seen.all);
    expect(messages.flat()).toHaveLength(10);
    expect(messages).toHaveLength(kinds(seen.frames).size);
  });

  it("version 1: each message is one, though no interface is told", async () => {
    const seen = sorted(await told(join(folder, "any-sll1.pcap")));
    expect(seen.frames.map((frame) => frame.interface)).toEqual(new Array<null>(10).fill(null));
    expect(seen.all.at(-1)).toMatchObject({ clients: 1, acquisitions: { bound: 1 }, attemptsLost: 0 });
    expect(alarms(seen)).toEqual([]);
    const messages = messagesOf(seen.all);
    expect(messages.flat()).toHaveLength(10);
    expect(messages).toHaveLength(kinds(seen.frames).size);
  });

  it("a relay's two interfaces: nothing is lost", async () => {
    const seen = sorted(await told(join(corpus, "self_relay82_any_sll2.pcap")));
    expect(seen.frames).toHaveLength(58);
    expect(new Set(seen.frames.map((frame) => frame.interface)).size).toBe(2);
    expect(seen.all.at(-1)).toMatchObject({ clients: 1, renewals: { renewed: 5 }, attemptsLost: 0 });
    expect(alarms(seen)).toEqual([]);
  });

  it("two servers: the same alarms as on the four interfaces themselves", async () => {
    const any = sorted(await told(join(corpus, "self_two_servers_any_sll2.pcap")));
    const each = sorted(await told(join(corpus, "self_two_servers_multi_if.pcapng")));
    expect(alarms(any)).toEqual(alarms(each));
    const counts = ({ all }: Told): unknown => {
      const last = all.at(-1);
      return last?.type === "summary" ? [last.frames.dhcp, last.checksums, last.renewals, last.acquisitions] : null;
    };
    expect(counts(any)).toEqual(counts(each));
  });
});
