import type { Instant } from "../capture/instant.js";
import type { InputClock } from "../clocks/input-clock.js";
import type { ClockStepEvent } from "../lease/clock-step.js";
import type { Gap } from "../lease/coverage.js";
import type { Binding } from "../lease/cycle.js";
import type { FrameRef, Sighting } from "../lease/message.js";
import type { Cause, Confidence, Severity } from "./cause.js";
import type { Diagnosis } from "./diagnose.js";
import type { LineRef } from "./testimony.js";

/** What is worth knowing beside lost renewals. */
export type NoteCode =
  | "partial-seen"
  | "blind"
  | "two-servers"
  | "duplicate-address"
  | "odd-timers"
  | "malformed"
  | "fragment-overlap"
  | "flood"
  | "clock-step"
  | "clock-offset"
  | "gap"
  | "drops"
  | "filled-on-the-way"
  | "limit";

interface FindingBase {
  readonly id: string;
  readonly severity: Severity;
  readonly confidence: Confidence;
  readonly alternatives: readonly Cause[];
  /** Frames that prove it, in order of time. */
  readonly evidence: readonly FrameRef[];
  readonly from: Instant;
  readonly to: Instant;
}

/** One client's lost attempts of one cause, however many renewals they spoiled. */
export interface LossFinding extends FindingBase {
  readonly kind: "loss";
  readonly code: Cause;
  readonly binding: Binding;
  /** The cycles of which this is the main cause, in order of time. */
  readonly diagnoses: readonly Diagnosis[];
  /** Lines of logs and lease files that speak of it. */
  readonly lines: readonly LineRef[];
}

export interface NoteFinding extends FindingBase {
  readonly kind: "note";
  readonly code: NoteCode;
  /** The client concerned; null: several, or none. */
  readonly binding: Binding | null;
  /** Server address, count of clients or frames: what the sentence needs. */
  readonly server: number | null;
  readonly count: number;
  /** Which clock was set first, where, and by how many seconds: see ClockStepEvent; null: none. */
  readonly step: Pick<ClockStepEvent, "input" | "frameNumber" | "seconds"> | null;
  /** An input whose clock differs from the one that times are told by, and how; null: it is not about that. */
  readonly clock: { readonly input: string; readonly offset: InputClock } | null;
  /** Where and when the capture did not see all; absent: it is not about that. */
  readonly unwatched?: Unwatched;
  readonly evidence: readonly Sighting[];
}

/** Where the capture did not see all, for a note. */
export interface Unwatched {
  /** The interfaces concerned, in their order. */
  readonly interfaces: readonly string[];
  /** The longest gap, and where; null: frames were lost. */
  readonly longest: { readonly name: string; readonly gap: Gap } | null;
}

export type Finding = LossFinding | NoteFinding;
