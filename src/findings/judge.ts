import type { Binding, Cycle, Lease } from "../lease/cycle.js";
import { lastSighting, type Message, type Sighting } from "../lease/message.js";
import type { Paths } from "../lease/paths.js";
import type { Server, ServerSilence } from "../lease/servers.js";
import type { TrackerSink } from "../lease/tracker-sink.js";
import type { Tracker } from "../lease/tracker.js";
import type { Context } from "./context.js";
import { diagnose, type Diagnosis } from "./diagnose.js";
import type { Finding } from "./finding.js";
import { lossFindings } from "./losses.js";
import { Notes } from "./notes.js";
import type { Severity } from "./cause.js";
import { silencesOf } from "./silences.js";

/** What the judge says at the end. */
export interface Verdicts {
  readonly leases: readonly Lease[];
  /** One for each cycle, in order of time. */
  readonly diagnoses: readonly Diagnosis[];
  readonly servers: readonly { readonly server: Server; readonly silences: readonly ServerSilence[] }[];
  readonly findings: readonly Finding[];
}

/** Hears what the tracker tells, and says at the end what was wrong. */
export class Judge implements TrackerSink {
  readonly #leases = new Set<Lease>();
  readonly #cycles = new Set<Cycle>();
  readonly #notes = new Notes();

  constructor(private readonly paths: Paths) {}

  lease(lease: Lease): void {
    this.#leases.add(lease);
  }

  cycle(cycle: Cycle): void {
    this.#cycles.add(cycle);
  }

  malformed(sighting: Sighting): void {
    this.#notes.malformed(sighting);
  }

  declined(binding: Binding, message: Message): void {
    this.#notes.declined(binding, lastSighting(message));
  }

  /**
   * @param observedUntil seconds since 1970 up to which silence is evidence
   */
  finish(tracker: Tracker, observedUntil: number): Verdicts {
    const cycles = [...this.#cycles].sort(
      (a, b) => a.started.seconds - b.started.seconds || a.started.nanos - b.started.nanos,
    );
    const context: Context = {
      observedUntil,
      server: (address) => tracker.servers.get(address),
      servers: () => tracker.servers.all(),
      troubled: cycles,
      missingAt: (message) => this.paths.missingAt(message),
    };
    const diagnoses = cycles.map((cycle) => diagnose(cycle, context));
    const losses = lossFindings(diagnoses, countRenewals(cycles));
    for (const cycle of cycles) {
      this.#notes.cycle(cycle);
    }
    const harmed = new Set(
      losses
        .filter(({ code }) => code === "offload-partial")
        .flatMap(({ diagnoses: spoiled }) => spoiled.flatMap(serversOf)),
    );
    const findings = [...losses, ...this.#notes.findings(harmed)]
      .sort((a, b) => rank(a) - rank(b) || a.from.seconds - b.from.seconds || a.from.nanos - b.from.nanos)
      .map((finding, index) => ({ ...finding, id: `F${String(index + 1)}` }));
    return {
      leases: [...this.#leases],
      diagnoses,
      servers: tracker.servers.all().map((server) => ({ server, silences: silencesOf(server, cycles, context) })),
      findings,
    };
  }
}

function countRenewals(cycles: readonly Cycle[]): Map<Binding, number> {
  const counts = new Map<Binding, number>();
  for (const { kind, binding } of cycles) {
    if (kind === "renewal") counts.set(binding, (counts.get(binding) ?? 0) + 1);
  }
  return counts;
}

function serversOf({ lost }: Diagnosis): number[] {
  return lost.flatMap(({ replies }) => replies.map(({ message }) => message.serverId ?? message.src));
}

const RANKS = { error: 0, warning: 1, note: 2 } as const;

function rank({ severity }: { readonly severity: Severity }): number {
  return RANKS[severity];
}
