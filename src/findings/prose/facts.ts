import type { Attempt, Reply } from "../../lease/cycle.js";
import type { FrameRef } from "../../lease/message.js";
import type { Observed } from "../../lease/observed.js";
import type { Server, ServerSilence } from "../../lease/servers.js";
import type { Judgement, Witness } from "../cause.js";
import type { LossFinding } from "../finding.js";
import type { HostLoad } from "../host-load.js";
import { quoted } from "./foreign-text.js";
import type { Clock } from "./words.js";

/** What sentences may use beyond the finding itself; an Inspection has all of it. */
export interface Background {
  readonly servers: readonly { readonly server: Server; readonly silences: readonly ServerSilence[] }[];
  /** What was read; none: nobody needs to be told of which input a frame is. */
  readonly inputs?: readonly unknown[];
  /** When anybody was watching, and how well; undefined: nobody asks. */
  readonly observed?: Observed | undefined;
  /** What the host that captured was doing; undefined: nobody measured. */
  readonly load?: HostLoad | undefined;
}

/** Several inputs were read: then each frame is named with its own. */
export function hasSeveralInputs({ inputs = [] }: Background): boolean {
  return inputs.length > 1;
}

/** What the words about a loss are made of. */
export interface LossFacts {
  readonly finding: LossFinding;
  readonly background: Background;
  readonly clock: Clock;
  readonly witness: Witness | null;
  /** Attempts that were lost for this reason, in order of time. */
  readonly lost: readonly Attempt[];
  /** How many more, of the same cycles, were lost for other reasons. */
  readonly others: number;
  /** Replies to `lost` that came in time and were ignored. */
  readonly ignored: readonly Reply[];
  /** Replies to `lost` that came too late. */
  readonly late: readonly Reply[];
  /** The reply that ended the trouble; null: none in view. */
  readonly taken: Reply | null;
  /** Address of the server that it is about; null: not known. */
  readonly server: number | null;
  /** Each frame is named with its input. */
  readonly severalInputs: boolean;
}

export function factsOf(finding: LossFinding, background: Background, clock: Clock): LossFacts {
  const judged = finding.diagnoses.flatMap(({ lost, causes }) =>
    lost.map((attempt) => ({ attempt, judgement: causes.get(attempt) })),
  );
  const lost = judged
    .filter(({ judgement }) => judgement?.cause === finding.code)
    .map(({ attempt }) => attempt)
    .sort((a, b) => a.message.order - b.message.order);
  const replies = lost.flatMap((attempt) => attempt.replies);
  const taken = finding.diagnoses.at(-1)?.cycle.accepted ?? null;
  return {
    finding,
    background,
    clock,
    witness: witnessOf(finding),
    lost,
    others: judged.length - lost.length,
    ignored: replies.filter(isTimely).filter(({ outcome }) => outcome === "ignored"),
    // In a cycle that succeeded late, what came after the success is a duplicate, and as late.
    late: replies.filter(
      ({ reason }) => reason === "late" || (finding.code === "late-reply" && reason === "duplicate"),
    ),
    taken: taken === null || taken.message.kind === "NAK" ? null : taken,
    server: serverOf(finding, lost),
    severalInputs: hasSeveralInputs(background),
  };
}

function isTimely({ reason }: Reply): boolean {
  return reason !== "late" && reason !== "duplicate" && reason !== "not-chosen";
}

/** Of the judgement that the finding's confidence comes from. */
function witnessOf({ diagnoses, code, confidence }: LossFinding): Witness | null {
  const fits = (judgement: Judgement | null | undefined): judgement is Judgement =>
    judgement?.cause === code && judgement.confidence === confidence;
  for (const { main, causes } of diagnoses) {
    const judgement = [main, ...causes.values()].filter(fits).find(({ witness }) => witness !== null);
    if (judgement !== undefined) return judgement.witness;
  }
  return null;
}

function serverOf({ diagnoses }: LossFinding, lost: readonly Attempt[]): number | null {
  const replied = lost.flatMap(({ replies }) => replies).at(0)?.message;
  const asked = lost.map(({ message }) => message.serverId ?? (message.broadcast ? null : message.dst));
  const lease = diagnoses.map(({ cycle }) => (cycle.kind === "renewal" ? cycle.lease.server : null));
  return (
    replied?.serverId ??
    [...lease, ...asked].find((address) => address !== null && address !== 0) ??
    replied?.src ??
    null
  );
}

/** The server answers this client's DISCOVERs, and knows nothing of the lease that it asked to renew. */
export function leaseIsUnknown({ finding }: LossFacts): boolean {
  return finding.diagnoses.some(({ causes }) =>
    [...causes.values()].some(({ witness }) => witness === "answers-discover"),
  );
}

/** "frame 72", with its input where there are several. */
export function frameOf({ point, frameNumber }: FrameRef, severalInputs: boolean): string {
  const frame = `frame ${frameNumber}`;
  return severalInputs ? `${frame} of ${quoted(point.input)}` : frame;
}

/** The frame that shows a message as its receiver met it. */
export function frameOfReply({ message }: Pick<Reply, "message">, severalInputs: boolean): string {
  const last = message.sightings.at(-1);
  return last === undefined ? "a frame" : frameOf(last, severalInputs);
}
