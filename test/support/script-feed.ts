import type { Remark } from "../../src/capture/remarks.js";
import type { Inspection } from "../../src/findings/inspection.js";
import { Inspector, type InputSink } from "../../src/inspector.js";
import type { Wire } from "./script-frames.js";

export interface FeedOptions {
  /** Names of the capture points, as frames number them; default one, "tap0". */
  readonly points?: readonly string[];
  /** Each point is a file of its own rather than an interface of one. */
  readonly apart?: boolean;
  /** From when to when the capture says that each point was watched, in seconds from the start; told at its end. */
  readonly watched?: readonly (readonly [from: number, until: number])[];
  /** What the capture says of its host, and when, in seconds from the start; in order of time, at its first point. */
  readonly remarks?: readonly (readonly [time: number, remark: Remark])[];
  /** Frames read before the reader looks up; default 1, as in a live capture. Infinity: the file as a whole. */
  readonly block?: number;
  /** Default true: cycles in which nothing was lost are there to be looked at. */
  readonly keepHealthy?: boolean;
}

const START = 1_700_000_000;
const ETHERNET = 1;

/** Shows frames to a fresh inspector. */
export function feed(frames: readonly Wire[], options: FeedOptions = {}): Inspection {
  const { points = ["tap0"], apart = false, watched = [], remarks = [], block = 1, keepHealthy = true } = options;
  const inspector = new Inspector({ keepFrames: true, keepHealthy });
  const inputs = apart ? points.map((point) => [point]) : [points];
  const open = inputs.map((names, index) => {
    const sink = inspector.input(apart ? `${names[0] ?? ""}.pcap` : "capture.pcapng");
    names.forEach((name, position) => {
      sink.interface({ index: position, name: apart ? null : name, linkType: ETHERNET, digits: 9 });
    });
    const own = apart ? frames.filter(({ point }) => point === index) : frames;
    return { sink, own };
  });
  for (const [input, { sink, own }] of open.entries()) {
    const unsaid = input === 0 ? [...remarks] : [];
    own.forEach((frame, index) => {
      while ((unsaid[0]?.[0] ?? Infinity) <= frame.time) say(sink, unsaid.shift());
      show(sink, frame, apart ? 0 : frame.point);
      if ((index + 1) % block === 0) {
        sink.blockEnd();
        inspector.drain();
      }
    });
    (apart ? watched.slice(input, input + 1) : watched).forEach(([from, until], index) => {
      sink.observedFrom(START + from, 0, index);
      sink.observedUntil(START + until, 0, index);
    });
    sink.blockEnd();
    sink.end();
  }
  return inspector.finish();
}

function say(sink: InputSink, said: readonly [time: number, remark: Remark] | undefined): void {
  if (said !== undefined) sink.remark(said[1], START + said[0], 0, 0);
}

function show(sink: InputSink, { time, bytes, original }: Wire, interfaceIndex: number): void {
  const nanos = Math.round(time * 1e9);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const seconds = START + Math.floor(nanos / 1e9);
  sink.frame(bytes, view, 0, bytes.length, original, seconds, ((nanos % 1e9) + 1e9) % 1e9, interfaceIndex);
}
