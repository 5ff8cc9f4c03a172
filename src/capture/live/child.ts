/**
 * The capture process: a program of its own, because cap ends the whole process that it is in when one of its interfaces
 * goes down. It writes a pcapng stream to its standard output, and nothing else does it do.
 */
import { isOrder, type Answer, type Order } from "./messages.js";
import { Batch } from "../recording/batch.js";
import { CAPTURE_ENDED } from "../remarks.js";
import { beatSteadily, type SteadyBeat } from "../steady-beat.js";
import { Outlet } from "./outlet.js";
import { PacketBlock } from "./packet-block.js";
import { ProgressBlock } from "./progress-block.js";
import { sectionHeader, SNAP_LENGTH } from "./statistics.js";
import { WallClock } from "./wall-clock.js";
import { WatchedInterface, type Handle, type Surroundings } from "./watched-interface.js";

/** Milliseconds between statements of how far all was read, and so of what the clocks show. */
const BEAT = 2000;
/** Milliseconds between looks at the clock where stamps depend on it that this process runs. */
const TICK = 100;
/** Microseconds by which a look may be late. */
const TOLERANCE = 150_000;

const watched = new Map<string, WatchedInterface>();
/** cap frees what libuv still knows of when a handle is collected, so none ever is. */
const handles: Handle[] = [];
const clock = new WallClock();
/** Statements that are written together. */
const said = new Batch();
const outlet = new Outlet(process.stdout, () => process.exit());
/** When this process was last known to run. */
let ran = clock.moment();
/** Looks at the clock; null while no stamps depend on it. */
let ticking: NodeJS.Timeout | null = null;
let interfaces = 0;
/** Statements of how far all was read; null: nothing was watched yet. */
let beating: SteadyBeat | null = null;

// What reaches a whole group of processes reaches the one that ends this one, too.
for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"]) process.on(signal, () => undefined);
process.on("disconnect", () => process.exit());

const { default: cap } = await import("cap").catch((error: unknown) => {
  answer({ is: "unable", message: wordsOf(error) });
  process.exit(1);
});

const surroundings: Surroundings = {
  outlet,
  clock,
  block: new PacketBlock(SNAP_LENGTH),
  progress: new ProgressBlock(),
  newHandle: () => {
    const handle = new cap.Cap();
    handles.push(handle);
    return handle;
  },
  nextId: () => {
    interfaces += 1;
    return interfaces - 1;
  },
  awake,
  failed: refuse,
};

outlet.write(sectionHeader("leasetap"));
process.on("message", (message) => {
  if (isOrder(message)) obey(message);
});
answer({ is: "ready" });

function obey(order: Order): void {
  switch (order.do) {
    case "watch":
      watch(order);
      break;
    case "leave":
      leave([order.name], order.reason);
      break;
    case "end":
      leave([...watched.keys()], CAPTURE_ENDED, () => {
        outlet.drain();
        process.exit();
      });
  }
}

/** Ends these watches now, and first reads what the kernel still holds of them. */
function leave(names: readonly string[], reason: string, then?: () => void): void {
  const now = clock.now();
  const left = names.flatMap((name) => watched.get(name) ?? []);
  for (const { name } of left) watched.delete(name);
  // The turn of the event loop that is under way may be past its reading.
  setImmediate(() => {
    setImmediate(() => {
      for (const one of left) one.close(now, reason);
      then?.();
    });
  });
}

function watch(order: Order & { do: "watch" }): void {
  try {
    watched.set(order.name, new WatchedInterface(order, surroundings));
    beating ??= beatSteadily(BEAT, beat);
    tickIfNeeded();
    answer({ is: "watching", name: order.name });
  } catch (error) {
    refuse(order.name, error);
  }
}

function refuse(name: string, error: unknown): void {
  watched.delete(name);
  answer({ is: "refused", name, message: wordsOf(error) });
}

/** Statistics wait until all interfaces were read once: then all that came before this moment is written. */
function beat(): void {
  const now = clock.moment();
  tickIfNeeded();
  setImmediate(() => {
    for (const one of watched.values()) said.add(one.beat(now, said.length === 0));
    say();
  });
}

/** Writes at once what was gathered. */
function say(): void {
  if (said.length > 0) outlet.write(said.bytes);
  said.clear();
}

function tickIfNeeded(): void {
  if (ticking !== null || ![...watched.values()].some((one) => one.stampsArrival)) return;
  ran = clock.moment();
  ticking = setInterval(awake, TICK);
}

/** Says where this process did not run, for whose stamps that matters. */
function awake(): void {
  const before = ran;
  const now = clock.moment();
  ran = now;
  if (ticking === null || now.monotonic - before.monotonic <= TICK * 1000 + TOLERANCE) return;
  const stalled = { kind: "stalled", from: before.wall / 1e6, to: now.wall / 1e6 } as const;
  for (const one of watched.values()) if (one.stampsArrival) said.add(one.statement(now, before.wall, [stalled]));
  say();
}

function answer(message: Answer): void {
  process.send?.(message);
}

function wordsOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
