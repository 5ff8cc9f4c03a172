import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { analyze } from "../../src/analyze.js";
import type { Source } from "../../src/capture/file.js";
import { createReader } from "../../src/capture/reader.js";
import { RecordingFolder } from "../../src/capture/recording/folder.js";
import { Recorder } from "../../src/capture/recording/recorder.js";
import { RecordingSink } from "../../src/capture/recording/recording-sink.js";
import type { FrameSink } from "../../src/capture/sink.js";
import { eventLine } from "../../src/live/event-lines.js";
import { EVERYTHING } from "../../src/report/filter.js";
import { records, type Findings } from "../../src/report/json.js";
import { UTC } from "../../src/report/zone.js";
import { rebind, renew, script, traffic, type Script } from "../support/script.js";
import { findings } from "../support/script-view.js";
import { StatedStream } from "../support/stated-stream.js";
import { memorySource, pcapOf, START, watch, watchFrames, type Told, type Watched } from "./watched.js";

const CLIENTS = 20;
const PLAIN = { columns: 80, color: false, unicode: true };

async function watchStream({ bytes }: StatedStream): Promise<Watched> {
  const whole = await watch((sink) => memorySource(bytes, [bytes.length], sink));
  const pieces = await watch((sink) => memorySource(bytes, [1, 7, 64, 1500], sink));
  expect(findings(pieces.found.inspection)).toEqual(findings(whole.found.inspection));
  return pieces;
}

function lines(told: readonly Told[], kind: string): string[] {
  return told
    .filter(({ event }) => event.kind === kind)
    .map(({ event, at }) => eventLine(event, { seconds: START + Math.floor(at), nanos: 0, digits: 6 }, PLAIN, UTC));
}

/** Of clients whose leases have run out. */
function ended(told: readonly Told[]): string[] {
  return kinds(told).filter((kind) => kind === "lost" || kind === "left");
}

/** All that was found, but of the input itself. */
/** In sentences "-" is called standard input. */
function recordsOf(found: Findings, name: string): string {
  const all = [...records(found, EVERYTHING, false)].filter(({ type }) => type !== "input" && type !== "start");
  return JSON.stringify(all, null, 1).replaceAll(name, "-").replaceAll("standard input", "-");
}

function kinds(told: readonly Told[]): string[] {
  return told.map(({ event }) => event.kind);
}

/** Clients that are bound at the same time and whose first renewal nobody answers; they are there all the time. */
function unanswered(clients: number): Script {
  const story = script({ lease: 100 });
  for (let client = 1; client <= clients; client += 1) story.bound(client / 10, { client, xid: client });
  for (let client = 1; client <= clients; client += 1) {
    story.at(52 + client / 10, renew({ client, xid: 100 + client }));
    story.at(90 + client / 10, rebind({ client, xid: 100 + client, secs: 38 }));
  }
  return story;
}

describe("a gap", () => {
  const story = unanswered(3);
  for (let at = 95; at < 160; at += 1) story.at(at, traffic({ client: 1 }));
  const names = ["br0"];

  it("is told as it begins, and as it ends, and never again", async () => {
    const stream = new StatedStream().watch(0, names).seconds(0, 60, story.frames, names);
    stream.gap(60, "interface gone", "br0").watch(140, names).seconds(140, 160, story.frames, names);
    const { told } = await watchStream(stream);
    expect(lines(told, "gap")).toEqual([
      "2023-11-14 22:14:20 Note    br0 is not watched from 22:14:20 on (interface gone): what happens there is not known until it is watched again.",
      "2023-11-14 22:15:40 Note    br0 is watched again, after 1 min 20 s in which nothing was captured there.",
    ]);
  });

  it("that shows only by a watch that begins anew is told once", async () => {
    const stream = new StatedStream().watch(0, names).seconds(0, 60, story.frames, names);
    stream.section().watch(140, names).seconds(140, 160, story.frames, names);
    expect(lines((await watchStream(stream)).told, "gap")).toEqual([
      "2023-11-14 22:15:40 Note    br0 was not watched from 22:14:20 to 22:15:40: what happened there in these 1 min 20 s is not known.",
    ]);
  });

  it("costs nobody a lease, and warns of none, as its renewal may have succeeded", async () => {
    const whole = new StatedStream().watch(0, names).seconds(0, 160, story.frames, names);
    expect(kinds((await watchStream(whole)).told)).toContain("lost");
    const stream = new StatedStream().watch(0, names).seconds(0, 60, story.frames, names);
    stream.gap(60, "interface gone", "br0").watch(80, names).seconds(80, 89, story.frames, names);
    stream.gap(89, "interface gone", "br0").watch(95, names).seconds(95, 160, story.frames, names);
    const { told, found } = await watchStream(stream);
    expect(kinds(told)).not.toContain("lost");
    expect(kinds(told)).not.toContain("forecast");
    expect(found.inspection.leases.map(({ state }) => state)).not.toContain("EXPIRED");
  });

  /** One client that is there all the time; nobody watches from `from` to `until`. */
  function alone(whole: Script, from: number, until: number, to: number): Promise<Watched> {
    for (let at = 61; at < to; at += 1) whole.at(at, traffic());
    const stream = new StatedStream().watch(0, names).seconds(0, from, whole.frames, names);
    if (from < until) stream.gap(from, "interface gone", "br0").watch(until, names);
    return watchStream(stream.seconds(until, to, whole.frames, names));
  }

  function after(told: readonly Told[], time: number): string[] {
    return kinds(told.filter(({ at }) => at > time));
  }

  it("leaves open when a lease ends that may have been renewed in it, however often that was asked before", async () => {
    const asking = (): Script =>
      script({ lease: 100 })
        .bound(0)
        .at(52, renew({ xid: 5 }))
        .at(60, renew({ xid: 5, secs: 8 }));
    expect(after((await alone(asking(), 70, 70, 120)).told, 70)).toEqual(["forecast", "lost"]);
    expect(after((await alone(asking(), 70, 80, 120)).told, 80)).toEqual([]);
  });

  it("puts off when a lease is missed, and when it is lost no moment is foretold", async () => {
    const silent = (): Script => script({ lease: 100 }).bound(0);
    expect(after((await alone(silent(), 60, 60, 180)).told, 60)).toEqual(["forecast", "lost"]);
    const { told } = await alone(silent(), 40, 60, 180);
    expect(after(told, 60)).toEqual(["lost"]);
    expect(told.at(-1)?.at).toBeGreaterThan(160);
  });

  it("is named where a lease is missed that was due in it, and no moment before it was over", async () => {
    const silent = (): Script => script({ lease: 100 }).bound(0);
    const { told } = await alone(silent(), 40, 120, 230);
    expect(after(told, 120)).toEqual(["lost"]);
    expect(lines(told, "lost").map((line) => line.slice(20))).toEqual([
      "ERROR   52:54:00:00:00:01 lost 10.0.0.101, at the latest at 22:17:00: it is there, and no request of it was seen since the gap that ended at 22:15:20.",
    ]);
    const stream = new StatedStream().watch(0, names).seconds(0, 40, silent().frames, names);
    stream.gap(40, "interface gone", "br0").watch(120, names).seconds(120, 230, [], names);
    expect(lines((await watchStream(stream)).told, "left").map((line) => line.slice(20))).toEqual([
      "Note    52:54:00:00:00:01 has not been seen to renew its lease of 10.0.0.101 since the gap that ended at 22:15:20, for longer than the lease lasts: it has left, or renews where this capture does not see it.",
    ]);
  });

  it("is not named where a lease was missed in full view", async () => {
    const stream = new StatedStream().watch(0, names).seconds(0, 130, script({ lease: 100 }).bound(0).frames, names);
    expect(lines((await watchStream(stream)).told, "left").map((line) => line.slice(20))).toEqual([
      "Note    52:54:00:00:00:01 has not been heard of since its lease of 10.0.0.101 should have been renewed, and the lease is over: it has left, or renews where this capture does not see it.",
    ]);
  });

  it("does not follow the end of a capture", async () => {
    const stream = new StatedStream().watch(0, names).seconds(0, 60, story.frames, names);
    expect(kinds((await watchStream(stream.gap(60, "the capture was ended", "br0"))).told)).not.toContain("gap");
  });
});

describe("a clock that jumps", () => {
  const HOUR = 3600;

  /** The machine sleeps for an hour from 60 on; its steady clock stands still. */
  function slept(told: boolean): StatedStream {
    const story = unanswered(CLIENTS);
    const stream = new StatedStream().watch(0);
    const before = story.frames.filter(({ time }) => time < 60);
    const after = script({ lease: 100 })
      .at(60 + HOUR, traffic({ client: 1 }))
      .until(62 + HOUR)
      .until(80 + HOUR).frames;
    if (told) {
      stream
        .seconds(0, 60, before)
        .frames(after.slice(0, 1))
        .beat(61 + HOUR, 61)
        .frames(after.slice(1));
    } else stream.frames(before).frames(after);
    return stream;
  }

  it("delays no warning once it was set back", async () => {
    const later = unanswered(1);
    for (let at = 95; at < 120; at += 1) later.at(at, traffic({ client: 1 }));
    const back = later.frames.map((frame) => ({ ...frame, time: frame.time - HOUR }));
    const said: string[] = [];
    await watchFrames([...script({ lease: 100 }).bound(1).until(35).frames, ...back], {
      tell: (event, at) => said.push(`${event.kind} ${eventLine(event, at, PLAIN, UTC).slice(0, 19)}`),
    });
    expect(said.filter((line) => !line.startsWith("trouble"))).toEqual([
      "clock-step 2023-11-14 21:13:20",
      "forecast 2023-11-14 21:14:52",
      "lost 2023-11-14 21:15:05",
    ]);
  });

  it("is told, and expires nothing", async () => {
    expect(ended((await watchStream(slept(false))).told)).toHaveLength(CLIENTS);
    const { told, found } = await watchStream(slept(true));
    expect(kinds(told).filter((kind) => kind !== "trouble")).toEqual(["clock-step"]);
    expect(lines(told, "clock-step")).toEqual([
      "2023-11-14 23:14:21 Note    The clock of the capture was set forward by 1 h, or the machine slept so long: no timer is believed across that, and leases go on with their next renewal.",
    ]);
    expect(found.inspection.leases.map(({ state }) => state)).not.toContain("EXPIRED");
  });
});

describe("a capture of this machine that does not read its clock", () => {
  /** Milliseconds since 1970 by the clock that is set, and milliseconds of the one that is not. */
  let wall = START * 1000;
  let monotonic = 0;

  beforeEach(() => {
    vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout", "hrtime"] });
    wall = START * 1000;
    monotonic = 0;
  });
  afterEach(() => {
    vi.useRealTimers();
  });

  /** Both clocks go on, in steps of a second. */
  async function pass(seconds: number): Promise<void> {
    for (let second = 0; second < seconds; second += 1) {
      wall += 1000;
      monotonic += 1000;
      await vi.advanceTimersByTimeAsync(1000);
    }
  }

  /** What the story has to give comes as the clock that is set comes to it; `live` says how that goes on. */
  async function run(
    story: Script,
    live: (come: (seconds: number) => Promise<void>) => Promise<void>,
    recorder?: Recorder,
  ): Promise<Watched> {
    const told: Told[] = [];
    const bytes = Buffer.from(pcapOf(story.frames));
    let given = 24;
    let wake = (): void => undefined;
    let over = false;
    const open = (sink: FrameSink): Source => {
      const reader = createReader(recorder === undefined ? sink : new RecordingSink(sink, recorder, "leasetap test"));
      reader.feed(bytes.subarray(0, 24));
      return {
        ...{ compression: null, format: "pcap", taken: 0, damage: null, frames: 0 },
        close: () => undefined,
        pump: async () => {
          await new Promise<void>((resolve) => {
            wake = resolve;
          });
          const begun = given;
          while (given < bytes.length && bytes.readUInt32LE(given) * 1000 <= wall) {
            given += 16 + bytes.readUInt32LE(given + 8);
          }
          reader.feed(bytes.subarray(begun, given));
          if (over) reader.end();
          return !over;
        },
      };
    };
    const session = watch(open, {
      wall: () => wall,
      monotonic: () => monotonic,
      tell: (event, at) => {
        told.push({ event, at: at.seconds - START });
      },
      recorder,
    });
    await live(async (seconds) => {
      for (let second = 0; second < seconds; second += 1) {
        await pass(1);
        wake();
      }
    });
    over = true;
    await pass(1);
    wake();
    return { told, found: (await session).found };
  }

  function story(): Script {
    const whole = unanswered(CLIENTS);
    for (let at = 3; at < 60; at += 2) whole.at(at, traffic({ client: 1 }));
    whole.frames.sort((a, b) => a.time - b.time);
    for (let at = 3662; at < 3700; at += 1) whole.at(at, traffic({ client: 1 }));
    return whole;
  }

  it("has its clock read here: a sleep of the machine is told and expires nothing", async () => {
    const { told } = await run(story(), async (come) => {
      await come(60);
      wall += 3_600_000;
      await come(20);
    });
    expect(kinds(told).filter((kind) => kind === "clock-step")).toEqual(["clock-step"]);
    expect(ended(told)).toEqual([]);
  });

  it("loses leases where the time really passed", async () => {
    const { told } = await run(story(), async (come) => {
      await come(160);
    });
    expect(kinds(told)).not.toContain("clock-step");
    expect(ended(told)).toHaveLength(CLIENTS);
  });

  it("has these readings in its recording, in which analyze then finds the same", async () => {
    const folder = mkdtempSync(join(tmpdir(), "leasetap-read-"));
    const recorder = new Recorder({
      ...{ folder: await RecordingFolder.open(folder, () => undefined), fileSize: 1e6, total: 1e9, fileAge: Infinity },
      ...{ monotonic: () => monotonic / 1000, tell: () => undefined },
    });
    const live = async (come: (seconds: number) => Promise<void>): Promise<void> => {
      await come(60);
      wall += 3_600_000;
      await come(20);
    };
    const { found } = await run(story(), live, recorder);
    recorder.close();
    const again = await analyze([folder], { keepFrames: false, keepHealthy: false });
    rmSync(folder, { recursive: true });
    expect(findings(found.inspection)).toContain("note clock-step certain");
    expect(recordsOf(again, again.inputs[0]?.facts.name ?? "")).toBe(recordsOf(found, "-"));
  });
});
