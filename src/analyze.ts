import { EnvironmentError } from "./capture/errors.js";
import { openSource, sourceOf, type Source } from "./capture/file.js";
import { statesLaterWatch } from "./capture/later-watch.js";
import { MOST_AT_ONCE, planInputs, type PlannedInput } from "./capture/inputs.js";
import type { Damage, FrameSink } from "./capture/sink.js";
import { unreadLinks } from "./findings/unread-links.js";
import { Inspector, type InputSink, type InspectorOptions } from "./inspector.js";
import type { Findings, InputReading } from "./report/json.js";
import { ReadingProgress, type Progress } from "./progress.js";
import { WaitingInputs } from "./capture/waiting-inputs.js";
import type { ReadAhead } from "./capture/read-ahead.js";
import { aheadAt } from "./clocks/input-clock.js";
import { OwnClockSink, OwnStamps } from "./clocks/own-clock.js";
import { ONE_OF_TWO, surveyInputs, type SurveyedInputs } from "./survey-inputs.js";

export interface AnalyzeOptions extends InspectorOptions {
  /** Ends reading early; what was read until then is still judged. */
  readonly signal?: AbortSignal | undefined;
  /** What capture points are called, once it is known which inputs there are. */
  readonly names?: PointNames | undefined;
  /** Where relative paths begin; else the working directory. */
  readonly folder?: string | undefined;
  /** Called when reading begins and after each block, always with the same object, which keeps up with the reading. */
  readonly onProgress?: ((progress: Progress) => void) | undefined;
}

/** Which of these inputs is called what. */
export type PointNames = (inputs: readonly string[]) => ReadonlyMap<string, string>;

/** One input while it is read. Without a source it could not be opened. */
interface OpenInput {
  readonly planned: PlannedInput;
  readonly sink: InputSink;
  source: Source | null;
  /** Of an input that is over. */
  reading: InputReading | null;
}

/**
 * Reads capture files side by side, in the order of their time, and judges what they hold. An input that cannot be
 * opened, or not be read to its end, is named by its `damage`, and the others are judged without it.
 *
 * @param paths files; folders, for the captures in them; "-" is standard input; what is named twice is read once
 * @throws whatever is no EnvironmentError: a mistake of this program
 */
export async function analyze(paths: readonly string[], options: AnalyzeOptions): Promise<Findings> {
  const { signal, onProgress } = options;
  const { inputs: planned, passedOver } = await planInputs(paths, options.folder, signal);
  const looking =
    planned.length > 1 || planned.some(({ path, further }) => further.length === 0 && statesLaterWatch(path));
  const progress = new ReadingProgress(planned.map(({ path, further }) => [path, ...further]));
  const tell = (): void => onProgress?.(progress);
  if (looking) tell();
  const surveyed = looking ? await surveyInputs(planned, progress, tell, signal) : NOT_SURVEYED;
  const timed = planned.map((input) => ({ ...input, first: commonSecond(input, surveyed) }));
  const reading = new Reading(timed, new Inspector(options), surveyed, options, progress);
  await reading.run();
  const { inspection, inputs } = reading.finish();
  const whole = inputs.every(({ damage }) => damage === null) && options.signal?.aborted !== true;
  return { inspection, inputs, complete: whole, passedOver };
}

const NOT_SURVEYED: SurveyedInputs = { clocks: new Map(), watches: new Map(), ahead: new Map() };

/** Of its first frame, by the clock that all times are told by. */
function commonSecond({ name, first }: PlannedInput, { clocks }: SurveyedInputs): number {
  const [span] = clocks.get(name)?.spans ?? [];
  return span === undefined ? first : Math.floor(first - aheadAt(span, first));
}

class Reading {
  readonly #planned: readonly PlannedInput[];
  readonly #inspector: Inspector;
  readonly #signal: AbortSignal | undefined;
  readonly #onProgress: AnalyzeOptions["onProgress"];
  readonly #progress: ReadingProgress;
  readonly #surveyed: SurveyedInputs;
  readonly #names: ReadonlyMap<string, string> | undefined;
  readonly #inputs = new Map<PlannedInput, OpenInput>();
  readonly #active = new Set<OpenInput>();
  readonly #waiting: WaitingInputs;

  constructor(
    planned: readonly PlannedInput[],
    inspector: Inspector,
    surveyed: SurveyedInputs,
    options: AnalyzeOptions,
    progress: ReadingProgress,
  ) {
    this.#planned = planned;
    this.#inspector = inspector;
    this.#surveyed = surveyed;
    this.#names = options.names?.(planned.map(({ name }) => name));
    this.#signal = options.signal;
    this.#onProgress = options.onProgress;
    this.#progress = progress;
    // A few are all opened at once; their order is then that of their names.
    const patient = planned.length > MOST_AT_ONCE;
    this.#waiting = new WaitingInputs(patient ? planned : [], (input) => this.#open(input));
    if (patient) this.#waiting.beginUntil(-Infinity);
    else planned.forEach((input) => this.#open(input));
  }

  async run(): Promise<void> {
    // A pipe may stay silent for hours: closing it ends the wait.
    const stop = (): void =>
      this.#active.forEach((input) => {
        const pipe = this.#pipe(input);
        if (pipe === null) input.source?.close();
        else pipe.stop();
      });
    this.#signal?.addEventListener("abort", stop, { once: true });
    try {
      this.#onProgress?.(this.#progress);
      for (;;) {
        const next = this.#next();
        if (next === null) break;
        const waiting = this.#advance(next);
        if (waiting !== null) await waiting;
        this.#inspector.drain();
        this.#onProgress?.(this.#progress);
      }
    } finally {
      this.#signal?.removeEventListener("abort", stop);
      this.#active.forEach(({ source }) => source?.close());
    }
  }

  /** After an interruption only what was read of pipes before. */
  #next(): OpenInput | null {
    if (this.#signal?.aborted === true) {
      return furthestBehind([...this.#active].filter((input) => this.#pipe(input)?.holds === true));
    }
    this.#keepActive(1);
    return furthestBehind(this.#active);
  }

  #pipe({ planned }: OpenInput): ReadAhead | null {
    return this.#surveyed.ahead.get(planned.path) ?? null;
  }

  finish(): { inspection: Findings["inspection"]; inputs: InputReading[] } {
    // After an interruption some are under way, and some were never begun.
    for (const input of this.#active) this.#end(input, null);
    const inputs = this.#planned.map((planned) => this.#inputs.get(planned)?.reading ?? this.#unread(planned));
    return { inspection: this.#inspector.finish(), inputs };
  }

  #open(planned: PlannedInput): void {
    const clock = this.#surveyed.clocks.get(planned.name);
    const own = clock === undefined ? null : new OwnStamps(clock);
    const foretold = this.#surveyed.watches.get(planned.name) ?? [];
    const sink = this.#inspector.input(planned.name, { own, point: this.#names?.get(planned.name) ?? null, foretold });
    const input: OpenInput = { planned, sink, source: null, reading: null };
    this.#inputs.set(planned, input);
    try {
      if (planned.failure !== null) throw planned.failure;
      const target: FrameSink = this.#waiting.isEmpty ? sink : this.#waiting.gate(sink);
      const timed = own === null ? target : new OwnClockSink(target, own);
      const pipe = this.#pipe(input);
      input.source =
        pipe === null ? openSource(planned.path, timed, planned.further) : sourceOf(planned.path, pipe, timed);
      this.#active.add(input);
      const twice = this.#surveyed !== NOT_SURVEYED && pipe === null;
      this.#progress.begun(input.source, sink.facts, twice ? ONE_OF_TWO : 1);
    } catch (error) {
      this.#end(input, environmental(error));
    }
  }

  /** Reads a block. Returns what to wait for, where that takes waiting. */
  #advance(input: OpenInput): Promise<void> | null {
    try {
      const going = input.source?.pump() ?? false;
      if (typeof going !== "boolean") return this.#wait(input, going);
      this.#advanced(input, going);
    } catch (error) {
      this.#failed(input, error);
    }
    return null;
  }

  async #wait(input: OpenInput, going: Promise<boolean>): Promise<void> {
    try {
      this.#advanced(input, await going);
    } catch (error) {
      this.#failed(input, error);
    }
  }

  #advanced(input: OpenInput, going: boolean): void {
    if (going) input.sink.blockEnd();
    else this.#over(input, null);
  }

  #failed(input: OpenInput, error: unknown): void {
    const failure = environmental(error);
    this.#over(input, this.#signal?.aborted === true ? null : failure);
  }

  /** What waits must be there before the last of the others is over: else all would be judged as if nothing followed. */
  #over(input: OpenInput, failure: EnvironmentError | null): void {
    this.#keepActive(2);
    this.#end(input, failure);
  }

  /** Begins what waits while fewer than so many inputs are under way. */
  #keepActive(least: number): void {
    while (this.#active.size < least && !this.#waiting.isEmpty) this.#waiting.beginNext();
  }

  #end(input: OpenInput, failure: EnvironmentError | null): void {
    const { source, sink } = input;
    sink.end();
    source?.close();
    if (source !== null) this.#progress.ended(source);
    input.reading = {
      facts: sink.facts,
      format: source?.format ?? "unknown",
      compression: source?.compression ?? null,
      damage: failure === null ? (source?.damage ?? unreadLinks(sink.facts)) : failureDamage(failure),
    };
    // The source holds memory for its blocks.
    input.source = null;
    this.#active.delete(input);
  }

  #unread(planned: PlannedInput): InputReading {
    const sink = this.#inspector.input(planned.name);
    sink.end();
    return { facts: sink.facts, format: "unknown", compression: null, damage: null };
  }
}

function environmental(error: unknown): EnvironmentError {
  if (error instanceof EnvironmentError) return error;
  throw error;
}

function furthestBehind(inputs: Iterable<OpenInput>): OpenInput | null {
  let least: OpenInput | null = null;
  for (const input of inputs) {
    if (least === null || input.sink.clock < least.sink.clock) least = input;
  }
  return least;
}

function failureDamage({ code, message }: EnvironmentError): Damage {
  return { code, offset: 0, sentence: message };
}
