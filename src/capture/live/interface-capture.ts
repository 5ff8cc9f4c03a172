import type { EnvironmentError } from "../errors.js";
import { MOST_COMMENTS } from "../pcapng-options.js";
import type { Comment } from "../remarks.js";
import { beatSteadily, type SteadyBeat } from "../steady-beat.js";
import { BackOff } from "./back-off.js";
import { CaptureProcess } from "./capture-process.js";
import { ChunkQueue } from "./chunk-queue.js";
import { ethernetFilter, PLAIN_FILTER } from "./filter.js";
import { interfaceNames, interfaceState, wantedOf, type InterfaceState, type Wanted } from "./interfaces.js";
import { Joint, type Inflow } from "./joint.js";
import { LinkNews } from "./link-news.js";
import type { Answer } from "./messages.js";
import { CALL, isGivenUp, RollCall, type Called } from "./roll-call.js";
import { endedError, hungSentence, refusedError, unableError } from "./sentences.js";
import { SwitchPorts, type AskForPorts } from "./switch-ports.js";
import { WallClock } from "./wall-clock.js";

/** Milliseconds between looks at which interfaces there are, while somebody tells of those that come and go; */
const LOOK = 10_000;
/** the same while nobody does: one that comes back is taken up within a second. */
const OFTEN = 900;
/** Interfaces of one capture process: so many miss some milliseconds when one of them goes away. */
const PER_PROCESS = 32;
/** Interfaces in all: each takes memory of the kernel. */
const MOST_INTERFACES = 1024;
/**
 * Frames that the kernel may hold in all, and for one interface. Each takes 128 KiB, whatever its length (kernel-ring.ts),
 * and they are shared out so that many interfaces do not cost more than few.
 */
const SLOTS = 1024;
const MOST_SLOTS = 256;
const LEAST_SLOTS = 8;
/** So many more interfaces may still come. */
const EXPECTED = 4;
/** Bytes that may wait for the reader before the capture processes are held up. */
const WAITING_BYTES = 1024 * 1024;
/** Milliseconds: a capture process that ends sooner has failed at once. */
const AT_ONCE = 5000;
const MOST_FAILURES = 5;

export interface InterfaceCaptureOptions {
  readonly wanted: Wanted;
  /** For the ports of a switch, which are to be watched too. */
  readonly switchPorts?: AskForPorts;
  /** Name and version of the program, for the stream. */
  readonly program: string;
  /** What an operator should hear of, beside what the stream says. */
  readonly tell: (sentence: string) => void;
}

/** A capture process and what it watches. */
interface Group extends Called {
  readonly process: CaptureProcess;
  readonly inflow: Inflow;
  readonly began: number;
  readonly watched: Map<string, Watched>;
}

interface Watched {
  readonly slots: number;
  readonly state: InterfaceState;
}

interface Starting {
  /** Who has not answered yet: the process itself, and interfaces. */
  readonly waiting: Set<string>;
  /** Why an interface is not captured. */
  refusal: EnvironmentError | null;
  readonly settle: () => void;
  readonly fail: (error: EnvironmentError) => void;
}

const ITSELF = "";

/** Why a watch ended with a process that had to be ended. */
const HUNG = "capture process did not answer";

/**
 * Captures interfaces as they come and go, and gives one pcapng stream of them. Frames are read by processes of their
 * own (child.ts), since each ends when one of its interfaces goes away; another one, which waits for that, goes on at
 * once with the other interfaces.
 */
export class InterfaceCapture {
  readonly #stream: ChunkQueue;
  readonly #options: InterfaceCaptureOptions;
  readonly #clock = new WallClock();
  readonly #joint: Joint;
  readonly #backOff = new BackOff();
  readonly #groups = new Set<Group>();
  /** A process that is ready to take over. */
  #spare: Group | null = null;
  /** See `watching`; null: to be gathered. */
  #watching: readonly string[] | null = null;
  readonly #beats: SteadyBeat[] = [];
  readonly #rollCall = new RollCall();
  readonly #switchPorts: SwitchPorts;
  #news: LinkNews | null = null;
  /** Looks while nobody tells what changes. */
  #looking: NodeJS.Timeout | null = null;
  /** Processes in a row that failed at once. */
  #failures = 0;
  #ending = false;
  /** Null once the first interfaces have answered. */
  #starting: Starting | null = null;

  constructor(options: InterfaceCaptureOptions) {
    this.#options = options;
    this.#switchPorts = new SwitchPorts(options.switchPorts ?? (() => Promise.resolve([])), () => this.#portsChanged());
    const resume = (): void => {
      for (const { process } of this.#groups) process.resume();
    };
    this.#stream = new ChunkQueue(WAITING_BYTES, resume, () => this.end());
    this.#joint = new Joint(options.program, (bytes) => {
      if (!this.#stream.push(bytes)) for (const { process } of this.#groups) process.pause();
    });
  }

  /** The stream; it ends after `end`, and ending to read it ends all. */
  get chunks(): AsyncIterable<Uint8Array> {
    return { [Symbol.asyncIterator]: () => this.#stream };
  }

  /** The interfaces that are being captured at this moment; another list whenever something may have changed. */
  get watching(): readonly string[] {
    this.#watching ??= [...this.#groups].flatMap(({ watched }) => [...watched.keys()]);
    return this.#watching;
  }

  /**
   * Begins, and returns when the interfaces that are there are being captured.
   *
   * @throws EnvironmentError if cap cannot be loaded, or none of them be captured
   */
  async start(): Promise<void> {
    await this.#switchPorts.renew();
    await new Promise<void>((settle, fail) => {
      this.#starting = { waiting: new Set([ITSELF]), refusal: null, settle, fail };
      this.#spare = this.#begin();
    }).finally(() => {
      this.#starting = null;
    });
    this.#spare ??= this.#begin();
    this.#beats.push(
      beatSteadily(LOOK, () => this.#lookAround()),
      beatSteadily(CALL, () => this.#call()),
    );
    this.#news = new LinkNews(
      () => this.#changed(),
      () => {
        this.#looking ??= setInterval(() => this.#changed(), OFTEN);
      },
    );
  }

  /** Says something of the host in the stream, see remarks.ts. */
  remark(comments: readonly Comment[]): void {
    if (this.#ending) return;
    for (let at = 0; at < comments.length; at += MOST_COMMENTS) {
      this.#joint.remark(this.#clock.now(), comments.slice(at, at + MOST_COMMENTS));
    }
  }

  /** Ends all, with what is still to be read. Returns at once. */
  end(): void {
    if (this.#ending) return;
    this.#ending = true;
    for (const beat of this.#beats) beat.stop();
    this.#news?.end();
    if (this.#looking !== null) clearInterval(this.#looking);
    this.#spare?.process.kill();
    for (const { process } of this.#groups) process.end();
    if (this.#groups.size === 0) this.#stream.end(null);
  }

  #begin(): Group {
    const inflow = this.#joint.join();
    const process = new CaptureProcess({
      bytes: (chunk) => {
        group.heard = performance.now();
        inflow.feed(chunk);
      },
      answer: (answer) => this.#hear(group, answer),
      ended: (how, words) => this.#ended(group, how, words),
    });
    const now = performance.now();
    const group: Group = { process, inflow, began: now, watched: new Map(), heard: now, missed: 0 };
    return group;
  }

  /** Ends processes that do not answer any more; others take their interfaces over. */
  #call(): void {
    const now = performance.now();
    for (const group of this.#groups) if (group.watched.size === 0 || group.process.isPaused) group.heard = now;
    for (const { process, watched, heard } of this.#rollCall.call(this.#groups, now)) {
      process.kill();
      this.#options.tell(hungSentence(now - heard, watched.size));
    }
    this.#waitForMissing();
  }

  #waitForMissing(): void {
    if ([...this.#groups].some(({ missed }) => missed > 0)) this.#joint.hold();
    else this.#joint.release();
  }

  #hear(group: Group, answer: Answer): void {
    switch (answer.is) {
      case "ready":
        this.#failures = 0;
        if (this.#starting !== null) this.#look();
        this.#answered(ITSELF);
        break;
      case "unable":
        this.#fail(unableError(answer.message));
        break;
      case "watching":
        this.#answered(answer.name);
        break;
      case "refused":
        group.watched.delete(answer.name);
        this.#watching = null;
        this.#refused(answer.name, answer.message);
        this.#answered(answer.name);
    }
  }

  #answered(name: string): void {
    const starting = this.#starting;
    if (starting === null) return;
    starting.waiting.delete(name);
    if (starting.waiting.size > 0) return;
    if (starting.refusal === null || this.watching.length > 0) starting.settle();
    else this.#fail(starting.refusal);
  }

  #refused(name: string, message: string): void {
    // It went away while it was being opened: it is waited for like any other.
    if (interfaceState(name) === null) return;
    const error = refusedError(name, message);
    const wait = this.#backOff.failed(name, performance.now());
    if (this.#starting !== null) this.#starting.refusal = error;
    else if (wait > 0) this.#options.tell(`${error.message} It is tried again in ${wait / 1000} s.`);
  }

  #fail(error: EnvironmentError): void {
    this.#starting?.fail(error);
    this.#stream.end(error);
    this.end();
  }

  #changed(): void {
    this.#watching = null;
    this.#lookAround();
  }

  #portsChanged(): void {
    if (this.#beats.length > 0) this.#look();
  }

  #lookAround(): void {
    this.#look();
    void this.#switchPorts.renew();
  }

  /** Takes up what shall be watched and is not, and leaves what shall not be any more. */
  #look(): void {
    if (this.#ending) return;
    const now = performance.now();
    const names = interfaceNames();
    const ports = this.#switchPorts.names.filter((name) => names.includes(name));
    const wanted = new Set([...wantedOf(this.#options.wanted, names), ...ports].slice(0, MOST_INTERFACES));
    for (const { process, watched } of this.#groups) {
      for (const name of watched.keys()) {
        if (wanted.delete(name)) continue;
        process.send({ do: "leave", name, reason: goneReason(name) });
        watched.delete(name);
        this.#watching = null;
      }
    }
    const fresh = [...wanted].flatMap((name) => {
      const state = this.#backOff.mayTry(name, now) ? interfaceState(name) : null;
      return state === null ? [] : [{ name, state }];
    });
    if (fresh.length === 0) return;
    const slots = this.#share(fresh.length);
    for (const { name, state } of fresh) this.#watch(name, { state, slots });
  }

  #share(interfaces: number): number {
    const used = [...this.#groups].flatMap(({ watched }) => [...watched.values()].map(({ slots }) => slots));
    const free = SLOTS - used.reduce((sum, slots) => sum + slots, 0);
    return Math.min(Math.max(Math.floor(free / Math.max(interfaces, EXPECTED)), LEAST_SLOTS), MOST_SLOTS);
  }

  #watch(name: string, watched: Watched): void {
    const group = [...this.#groups].find((one) => one.watched.size < PER_PROCESS) ?? this.#takeSpare();
    group.watched.set(name, watched);
    group.heard = performance.now();
    this.#watching = null;
    this.#starting?.waiting.add(name);
    const { isEthernet, isPort } = watched.state;
    const filter = isEthernet ? ethernetFilter(isPort) : PLAIN_FILTER;
    group.process.send({ do: "watch", name, filter, slots: watched.slots });
  }

  #takeSpare(): Group {
    const group = this.#spare ?? this.#begin();
    this.#groups.add(group);
    this.#spare = this.#starting === null ? this.#begin() : null;
    return group;
  }

  #ended(group: Group, how: string, words: string | null): void {
    this.#joint.leave(group.inflow, this.#clock.now(), isGivenUp(group) ? () => HUNG : goneReason);
    if (this.#spare === group) this.#spare = null;
    const wasWatching = this.#groups.delete(group);
    this.#watching = null;
    this.#waitForMissing();
    if (this.#ending) {
      if (this.#groups.size === 0) this.#stream.end(null);
      return;
    }
    this.#blame(group);
    if (this.#failures >= MOST_FAILURES) this.#fail(endedError(how, words));
    else if (wasWatching || this.#starting !== null) this.#look();
  }

  /** Remembers whose fault it was; where that cannot be told, and it went quickly, everybody's. */
  #blame({ watched, began }: Group): void {
    const now = performance.now();
    const atOnce = now - began < AT_ONCE;
    const changed = [...watched].filter(([name, { state }]) => interfaceState(name)?.index !== state.index);
    if (changed.length === 0 && atOnce) this.#failures += 1;
    for (const [name] of changed.length > 0 || !atOnce ? changed : watched) {
      const wait = this.#backOff.failed(name, now);
      if (wait > 0) this.#options.tell(`${name} comes and goes: it is watched again in ${wait / 1000} s.`);
    }
  }
}

function goneReason(name: string): string {
  if (!interfaceNames().includes(name)) return "interface gone";
  return interfaceState(name) === null ? "interface down" : "capture process ended";
}
