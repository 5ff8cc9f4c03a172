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
import { silencesByServer } from "./silences.js";

export interface Healthy {
  readonly renewals: number;
  readonly acquisitions: number;
}

/** What the judge says at the end. */
export interface Verdicts {
  readonly leases: readonly Lease[];
  /** One for each cycle, in order of time. */
  readonly diagnoses: readonly Diagnosis[];
  /** Cycles that were not kept because nothing was lost in them. */
  readonly healthy: Healthy;
  readonly servers: readonly { readonly server: Server; readonly silences: readonly ServerSilence[] }[];
  readonly findings: readonly Finding[];
}

/** Hears what the tracker tells, and says at the end what was wrong. */
export class Judge implements TrackerSink {
  readonly #leases = new Set<Lease>();
  readonly #cycles = new Set<Cycle>();
  readonly #notes = new Notes();
  readonly #released = new WeakSet<Cycle>();
  readonly #renewals = new Map<Binding, number>();
  #healthy = { renewals: 0, acquisitions: 0 };

  constructor(
    private readonly paths: Paths,
    private readonly keepHealthy: boolean,
  ) {}

  lease(lease: Lease): void {
    this.#leases.add(lease);
  }

  cycle(cycle: Cycle): void {
    if (this.#released.has(cycle)) return;
    if (this.keepHealthy || !wentWell(cycle)) {
      this.#cycles.add(cycle);
      return;
    }
    this.#released.add(cycle);
    this.#notes.cycle(cycle);
    if (cycle.kind === "acquisition") {
      this.#healthy.acquisitions += 1;
    } else {
      this.#healthy.renewals += 1;
      this.#renewals.set(cycle.binding, (this.#renewals.get(cycle.binding) ?? 0) + 1);
    }
  }

  malformed(sighting: Sighting): void {
    this.#notes.malformed(sighting);
  }

  declined(binding: Binding, message: Message): void {
    this.#notes.declined(binding, lastSighting(message));
  }

  /**
   * What a diagnosis may know.
   *
   * @param observedUntil seconds since 1970 up to which silence is evidence
   * @param troubled see Context.troubled; in the middle of watching, those of the client concerned will do
   */
  context(tracker: Tracker, observedUntil: number, troubled: readonly Cycle[]): Context {
    const servers = tracker.servers.all();
    return {
      observedUntil,
      seesNoReplies: servers.length === 0 && troubled.some(({ blind }) => blind),
      server: (address) => tracker.servers.get(address),
      onlyServer: servers.length === 1 ? (servers[0] ?? null) : null,
      troubled,
      missingAt: (message) => this.paths.missingAt(message),
    };
  }

  /** How many renewals of a client went well so far, of those that were let go. */
  healthyRenewals(binding: Binding): number {
    return this.#renewals.get(binding) ?? 0;
  }

  /**
   * @param observedUntil seconds since 1970 up to which silence is evidence
   */
  finish(tracker: Tracker, observedUntil: number): Verdicts {
    const cycles = [...this.#cycles].sort(
      (a, b) => a.started.seconds - b.started.seconds || a.started.nanos - b.started.nanos,
    );
    const servers = tracker.servers.all();
    const context = this.context(tracker, observedUntil, cycles);
    const diagnoses = cycles.map((cycle) => diagnose(cycle, context));
    for (const { kind, binding } of cycles) {
      if (kind === "renewal") this.#renewals.set(binding, (this.#renewals.get(binding) ?? 0) + 1);
    }
    const losses = lossFindings(diagnoses, this.#renewals);
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
    const silences = silencesByServer(cycles, context);
    return {
      leases: [...this.#leases],
      diagnoses,
      healthy: this.#healthy,
      servers: servers.map((server) => ({ server, silences: silences.get(server) ?? [] })),
      findings,
    };
  }
}

/** Each message got its answer at once, so no later evidence can make anything of it. */
export function wentWell(cycle: Cycle): boolean {
  return (
    cycle.ended !== null &&
    !cycle.blind &&
    (cycle.outcome === "renewed" || cycle.outcome === "bound") &&
    cycle.attempts.every(({ replies }) => replies.some(({ outcome }) => outcome === "accepted"))
  );
}

function serversOf({ lost }: Diagnosis): number[] {
  return lost.flatMap(({ replies }) => replies.map(({ message }) => message.serverId ?? message.src));
}

const RANKS = { error: 0, warning: 1, note: 2 } as const;

function rank({ severity }: { readonly severity: Severity }): number {
  return RANKS[severity];
}
