import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { LeasetapRecord } from "../../src/report/events.js";
import { told } from "../scenarios/recordings.js";
import { leasetap, pcaps, recordsOf } from "../support/program.js";
import { shifted } from "./shifted.js";

let folder = "";
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "leasetap-clocks-"));
});
afterAll(() => {
  rmSync(folder, { recursive: true });
});

/** What was found, without the moments: these are by one clock or the other. */
function found(all: readonly LeasetapRecord[]): string[] {
  return all.flatMap((record) => {
    switch (record.type) {
      case "renewal":
      case "acquisition":
        return [
          [record.type, record.outcome, record.cause, record.confidence].join(" "),
          ...record.attempts.map(({ message, sightings, replies, cause }) =>
            [
              ` ${message} at ${String(sightings.length)} points, ${String(cause)}`,
              ...replies.map(
                (reply) =>
                  `${reply.message} at ${String(reply.sightings.length)} ${reply.outcome} ${reply.latency.toFixed(2)}`,
              ),
            ].join("; "),
          ),
        ];
      case "finding":
        return record.severity === "note" ? [] : [`${record.severity} ${record.code} ${record.confidence}`];
      case "summary":
        return [`${String(record.clients)} clients, ${String(record.attemptsLost)} lost`];
      default:
        return [];
    }
  });
}

function offsets(all: readonly LeasetapRecord[]): (number | undefined)[] {
  return all.flatMap((record) =>
    record.type === "input" && record.clock !== null ? [record.clock.spans[0]?.ahead] : [],
  );
}

const PAIRS: readonly (readonly [string, string, string])[] = [
  ["s11-two-points", "bridge.pcap", "tap.pcap"],
  ["s12-relay", "bridge.pcap", "tap.pcap"],
  ["s12-relay", "bridge.pcap", "backend.pcap"],
  ["q01-virtio", "bridge.pcap", "tap.pcap"],
  ["s10-many-clients", "bridge.pcap", "tap.pcap"],
];

describe.each(PAIRS)("%s: %s and %s", (scenario, first, second) => {
  const path = (name: string): string => join(pcaps, scenario, name);

  it.each([0.3, -0.3, 2, -2, 3600, -3600])("the second with a clock %d s ahead, in both orders", async (ahead) => {
    const other = join(folder, `${scenario}-${basename(second, ".pcap")}-${String(ahead)}.pcap`);
    writeFileSync(
      other,
      shifted(path(second), () => ahead),
    );
    const expected = found(await told(path(first), path(second)));
    const one = await told(path(first), other);
    expect(found(one)).toEqual(expected);
    expect(offsets(one)).toEqual([expect.closeTo(ahead, 2)]);
    const two = await told(other, path(first));
    expect(found(two)).toEqual(found(await told(path(second), path(first))));
    expect(offsets(two)).toEqual([expect.closeTo(-ahead, 2)]);
  });

  it("agreeing clocks are left alone", async () => {
    expect(offsets(await told(path(first), path(second)))).toEqual([]);
  });
});

describe("s11-two-points, bridge and tap", () => {
  const bridge = join(pcaps, "s11-two-points", "bridge.pcap");
  const tap = join(pcaps, "s11-two-points", "tap.pcap");
  const made = (name: string, ahead: (frame: number, stamp: number) => number): string => {
    const path = join(folder, name);
    writeFileSync(path, shifted(tap, ahead));
    return path;
  };

  it("frames keep the stamps of their file, and everything else is told by one clock", async () => {
    const late = made("hour.pcap", () => 3600);
    const all = await told(bridge, late);
    const frames = all.filter((record) => record.type === "frame");
    expect(frames.find(({ input, frame }) => input === late && frame === 3)?.time).toMatch(/^2026-11-22T12:01:5/);
    const inputs = all.filter((record) => record.type === "input");
    expect(inputs.map(({ first }) => first?.slice(11, 16))).toEqual(["11:01", "12:01"]);
    expect(inputs[1]?.clock).toMatchObject({ reference: bridge, messages: 14, ordered: true });
    const [expired] = all.filter((record) => record.type === "renewal");
    expect(expired?.started.slice(0, 17)).toBe("2026-11-22T11:02:");
    expect(expired?.attempts[0]?.sightings.map(({ time }) => time?.slice(11, 13))).toEqual(["12", "11"]);
    const [note] = all.filter((record) => record.type === "finding" && record.code === "clock-offset");
    expect(note).toMatchObject({ severity: "note" });
    expect(JSON.stringify(note)).toContain("1 h ahead of that of");
  });

  it("a clock that runs faster is followed, so that each message is one; which point it met first is not known then", async () => {
    const drifting = made("drift.pcap", (_frame, stamp) => 2 + (stamp - 1_795_345_308) * 1e-4);
    const all = await told(bridge, drifting);
    const points = (lines: readonly string[]): string[] =>
      lines.flatMap((line) => line.match(/ \w+ at \d points|\w+ at \d /g) ?? []);
    expect(points(found(all))).toEqual(points(found(await told(bridge, tap))));
    expect(offsets(all)).toEqual([expect.closeTo(2, 2)]);
    expect(all.some((record) => record.type === "finding" && record.code === "reply-ignored")).toBe(true);
  });

  it("a clock that was set back by an hour on the way is followed by the other's", async () => {
    const set = made("set.pcap", (frame) => (frame < 20 ? 0 : -3600));
    const all = await told(bridge, set);
    expect(found(all)).toEqual(found(await told(bridge, tap)));
    const spans = all.flatMap((record) => (record.type === "input" ? (record.clock?.spans ?? []) : []));
    expect(spans.map(({ fromFrame, ahead }) => [fromFrame, Math.round(ahead)])).toEqual([
      [1, 0],
      [20, -3600],
    ]);
    expect(all.some((record) => record.type === "finding" && record.code === "clock-step")).toBe(false);
  });

  it("a pipe is looked at before it is read, too", async () => {
    const late = shifted(tap, () => 3600);
    const { stdout } = await leasetap(["analyze", bridge, "-", "--json"], { input: late });
    const [, input] = recordsOf(stdout).filter(({ type }) => type === "input");
    expect(input).toMatchObject({ input: "-", frames: 36, clock: { reference: bridge, messages: 14 } });
    const codes = recordsOf(stdout).flatMap(({ type, code, severity }) =>
      type === "finding" && severity === "error" ? [code] : [],
    );
    expect(codes).toEqual(["not-delivered"]);
  });

  it("points are called as they are named", async () => {
    const { stdout } = await leasetap(["analyze", bridge, tap, "--name", "bridge.pcap=br0", "--name", `${tap}=vnet3`]);
    expect(stdout.replace(/\s+/g, " ")).toContain(
      "6 replies were seen at br0 and never arrived at vnet3: lost on the way to the client",
    );
    const json = await leasetap(["analyze", bridge, tap, "--name", "tap.pcap=vnet3", "--json", "--frames"]);
    const names = recordsOf(json.stdout).flatMap((record) => (record["type"] === "frame" ? [record["interface"]] : []));
    expect(new Set(names)).toEqual(new Set([null, "vnet3"]));
  });

  it.each([
    ["tap.pcap", "names no capture point"],
    ["nothing.pcap=br0", "no input is called"],
  ])("--name %s is refused", async (name, why) => {
    const { code, stderr } = await leasetap(["analyze", bridge, tap, "--name", name]);
    expect([code, stderr]).toEqual([2, expect.stringContaining(why)]);
  });
});

describe("parts of one capture", () => {
  it("are not laid upon each other for messages that were sent again", async () => {
    // Two halves: in the second a client asks again, and alike, as raw sockets do.
    const whole = shifted(join(pcaps, "s11-two-points", "tap.pcap"), () => 0);
    const view = new DataView(whole.buffer);
    let at = 24;
    for (let frame = 1; frame < 15; frame += 1) at += 16 + view.getUint32(at + 8, true);
    const [one, two] = [join(folder, "one.pcap"), join(folder, "two.pcap")];
    writeFileSync(one, whole.subarray(0, at));
    writeFileSync(two, Buffer.concat([whole.subarray(0, 24), whole.subarray(at)]));
    const all = await told(one, two);
    expect(offsets(all)).toEqual([]);
    expect(all.at(-1)).toMatchObject({ clients: 1, renewals: { expired: 1 } });
  });
});
