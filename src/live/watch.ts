import { instantAt, shiftOf, toSeconds, type Instant } from "../capture/instant.js";
import { CAPTURE_ENDED } from "../capture/remarks.js";
import { wentWell } from "../findings/judge.js";
import type { Situation } from "../findings/situation.js";
import { gapBegins, gapEnds } from "../findings/watch-notes.js";
import type { ClockStepEvent } from "../lease/clock-step.js";
import type { Gap } from "../lease/coverage.js";
import type { Binding, Client, Cycle, Lease } from "../lease/cycle.js";
import type { TrackerObserver } from "../lease/tracker-sink.js";
import { Deadlines } from "./deadlines.js";
import { Examination } from "./examination.js";
import type { TellEvent } from "./live-event.js";
import { newStanding, type Standing } from "./standing.js";

/** What the watch asks of the pipeline. */
export type AskSituation = (binding: Binding, troubled: readonly Cycle[], until: Instant) => Situation;

/** Hears of what the tracker keeps for good. */
export interface RecordSink {
  lease(lease: Lease): void;
  /** @param final nothing can change it any more */
  cycle(cycle: Cycle, final: boolean): void;
}

export interface WatchOptions {
  /** Seconds before the expiry at which a lease in danger is warned of. */
  readonly warnBefore: readonly number[];
  readonly tell: TellEvent;
  readonly records?: RecordSink | undefined;
}

/**
 * Tells what happens to clients as it happens. It looks at a client when a message of it was tracked, and when a
 * moment has come at which its silence says something; it decides nothing that the tracker does not.
 */
export class Watch implements TrackerObserver {
  readonly #options: WatchOptions;
  readonly #standings = new Map<Binding, Standing>();
  readonly #touched = new Set<Binding>();
  readonly #deadlines = new Deadlines<Binding>();
  /** Of which it was told that they have begun. */
  readonly #gaps = new WeakSet<Gap>();

  constructor(options: WatchOptions) {
    this.#options = options;
  }

  touched(client: Client): void {
    for (const binding of client.bindings) this.#touched.add(binding);
  }

  /** There are too many clients; of this one nothing more is said. */
  forgotten(client: Client): void {
    for (const binding of client.bindings) {
      this.#standings.delete(binding);
      this.#touched.delete(binding);
    }
  }

  jumped(): void {
    // Nothing is said of a client whose times are not known; the report tells of the clock.
  }

  clockStep(step: ClockStepEvent): void {
    this.#options.tell({ kind: "clock-step", step }, step.instant);
  }

  gap(gap: Gap, interfaceName: string): void {
    const end = gapEnds(gap);
    // What comes after the end of a capture hides nothing of it.
    if (end === null && gap.reason === CAPTURE_ENDED) return;
    // It will be told to be over, and what was told before must not change.
    const asItIs = { ...gap, shifts: { ...gap.shifts } };
    const again = this.#gaps.has(gap);
    this.#options.tell({ kind: "gap", interfaceName, gap: asItIs, again }, end ?? gapBegins(gap));
    this.#gaps.add(gap);
  }

  lease(lease: Lease): void {
    this.#options.records?.lease(lease);
    this.#touched.add(lease.binding);
    if (lease.outage === null) return;
    const standing = this.#standings.get(lease.binding);
    if (standing !== undefined) standing.regained = lease;
  }

  cycle(cycle: Cycle): void {
    const well = wentWell(cycle);
    this.#options.records?.cycle(cycle, well);
    if (cycle.ended === null) return;
    const known = this.#standings.get(cycle.binding);
    // Of clients that are well there is nothing to say, and nothing to keep.
    if (known === undefined && well) return;
    this.#standing(cycle.binding, known).closed.push(cycle);
    this.#touched.add(cycle.binding);
  }

  declined(): void {
    // A note in the report; the lease's end is told as such.
  }

  /**
   * Time has come to `until`: looks at whom something has happened to, and in their order at whose moments have come,
   * each as of its moment.
   */
  advance(ask: AskSituation, until: Instant): void {
    const now = toSeconds(until);
    this.#look(ask, until);
    for (let due = this.#deadlines.first; due <= now; due = this.#deadlines.first) {
      for (const binding of this.#deadlines.take(due)) this.#touched.add(binding);
      this.#look(ask, { ...instantAt(due), ...shiftOf(until.shift ?? 0) });
    }
  }

  #look(ask: AskSituation, until: Instant): void {
    for (const binding of this.#touched) {
      const standing = this.#standings.get(binding) ?? newStanding(binding);
      const examination = new Examination(standing, (troubled) => ask(binding, troubled, until), until, this.#options);
      this.#deadlines.set(binding, examination.run());
      if (isWorthKeeping(standing)) this.#standings.set(binding, standing);
      else this.#standings.delete(binding);
    }
    this.#touched.clear();
  }

  #standing(binding: Binding, known: Standing | undefined): Standing {
    const standing = known ?? newStanding(binding);
    this.#standings.set(binding, standing);
    return standing;
  }
}

function isWorthKeeping({ troubled, told, warned, lost, partial }: Standing): boolean {
  return (
    troubled.length > 0 ||
    told !== null ||
    warned !== null ||
    lost !== null ||
    partial.acquisition.count > 0 ||
    partial.renewal.count > 0
  );
}
