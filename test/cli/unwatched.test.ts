import { describe, expect, it } from "vitest";
import { leasetap, recordsOf, type Json } from "../support/program.js";
import { renew, script, traffic, type Script } from "../support/script.js";
import { StatedStream } from "../support/stated-stream.js";
import { validateRecord } from "../support/validate.js";

/** Its renewal has no answer in view, and for the rest of its lease it is there and does not ask again. */
const story = script({ lease: 120 })
  .bound(1)
  .at(61, renew({ xid: 5 }));
for (let at = 101; at < 130; at += 2) story.at(at, traffic());

function watched({ frames }: Script): StatedStream {
  return new StatedStream().watch(0, ["br0"]).seconds(0, 130, frames, ["br0"]);
}

/** The same frames; nobody watched in between. */
function withGap({ frames }: Script): StatedStream {
  const stream = new StatedStream().watch(0, ["br0"]).seconds(0, 61, frames, ["br0"]);
  stream.frames(
    frames.filter(({ time }) => time === 61),
    ["br0"],
  );
  stream.gap(61.2, "interface down", "br0").watch(100, ["br0"]);
  return stream.seconds(100, 130, frames, ["br0"]);
}

/** The same frames; in between the machine slept for so long that the lease is over by the stamps. */
function withSleep({ frames }: Script): StatedStream {
  const stream = new StatedStream().watch(0, ["br0"]).seconds(0, 62, frames, ["br0"]);
  stream.beat(1000, 63);
  for (let at = 1001; at < 1010; at += 2) stream.beat(at, at - 937).frames(script().at(at, traffic()).frames, ["br0"]);
  return stream;
}

async function both({ bytes: input }: StatedStream): Promise<{ live: Json[]; analyzed: Json[] }> {
  const options = { input: Buffer.from(input) };
  const live = await leasetap(["live", "-", "--json"], options);
  const analyzed = await leasetap(["analyze", "-", "--json"], options);
  expect([live.stderr, live.code]).toEqual(["", analyzed.code]);
  return { live: recordsOf(live.stdout), analyzed: recordsOf(analyzed.stdout) };
}

function final(all: readonly Json[], type: string): Json[] {
  return all.filter((record) => record["type"] === type && record["final"] === true);
}

function codes(all: readonly Json[]): unknown[] {
  return final(all, "finding").map(({ severity, code }) => `${String(severity)} ${String(code)}`);
}

describe("leasetap live and analyze of a capture that says how it watched", () => {
  it("find the lost renewal where all was watched", async () => {
    const { live, analyzed } = await both(watched(story));
    expect(codes(analyzed)).toEqual(["error no-reply"]);
    expect(final(live, "finding")).toEqual(final(analyzed, "finding"));
  });

  it("find none in the same frames where a gap may hide it, and both say so; live as it happens", async () => {
    const { live, analyzed } = await both(withGap(story));
    expect(codes(analyzed)).toEqual(["note gap"]);
    expect(final(live, "finding")).toEqual(final(analyzed, "finding"));
    expect(final(live, "renewal")).toEqual(final(analyzed, "renewal"));
    const gap = { type: "gap", interface: "br0", from: "2023-11-14T22:14:21.200000Z", reason: "interface down" };
    const gaps = live.filter(({ type }) => type === "gap");
    expect(gaps).toEqual([
      { ...gap, to: null },
      { ...gap, to: "2023-11-14T22:15:00.000000Z" },
    ]);
    for (const record of gaps) expect(validateRecord(record)).toEqual([]);
    expect(live.filter(({ type }) => type === "forecast")).toEqual([]);
  });

  it("expire no lease across a sleep of the machine, and both say so; live as it happens", async () => {
    const { live, analyzed } = await both(withSleep(story));
    expect(codes(analyzed)).toEqual(["note no-reply", "note clock-step"]);
    expect(final(live, "finding")).toEqual(final(analyzed, "finding"));
    const steps = live.filter(({ type }) => type === "clock-step");
    expect(steps).toEqual([{ type: "clock-step", at: "2023-11-14T22:30:00.000000Z", seconds: 937 }]);
    expect(steps.flatMap(validateRecord)).toEqual([]);
  });

  it("say it in lines, too", async () => {
    const { stdout } = await leasetap(["live", "-"], { input: Buffer.from(withGap(story).bytes) });
    expect(stdout).toContain(
      "2023-11-14 22:14:21 Note    br0 is not watched from 22:14:21 on (interface down): what happens there is not known until it is watched again.\n",
    );
    expect(stdout).toContain("br0 is watched again, after 39 s in which nothing was captured there.\n");
    expect(stdout).toMatch(/Nothing was captured on br0 from 22:14:21 to 22:15:00 \(39 s\), interface\s+down/);
  });
});
