import type { Instant } from "../capture/instant.js";
import type { Binding, Client, Cycle, Lease } from "../lease/cycle.js";
import { lastSighting, type Message, type Sighting } from "../lease/message.js";
import type { ClockStepEvent } from "../lease/clock-step.js";
import type { Observed } from "../lease/observed.js";
import type { Paths } from "../lease/paths.js";
import type { Server, ServerSilence } from "../lease/servers.js";
import type { TrackerSink } from "../lease/tracker-sink.js";
import type { Tracker } from "../lease/tracker.js";
import { showsUnicasts } from "../lease/visibility.js";
import { untimedReplies, type Context } from "./context.js";
import { ClockNotes } from "./clock-notes.js";
import { diagnose, type Diagnosis } from "./diagnose.js";
import type { Finding } from "./finding.js";
import type { InputFacts } from "./inspection.js";
import { KeptCycles } from "./kept-cycles.js";
import { LimitNotes } from "./limit-notes.js";
import { lossFindings } from "./losses.js";
import { Notes } from "./notes.js";
import type { Severity } from "./cause.js";
import type { Witnesses } from "./testimony.js";
import { weigh } from "./weigh.js";
import { silencesByServer } from "./silences.js";
import { watchNotes, type NamedWatching } from "./watch-notes.js";

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
  readonly #limits = new LimitNotes();
  readonly #kept: KeptCycles;
  readonly #notes = new Notes();
  readonly #clocks = new ClockNotes();
  readonly #released = new WeakSet<Cycle>();
  readonly #renewals = new Map<Binding, number>();
  /** The first input whose clock is the one that times are told by. */
  #reference: { readonly name: string; readonly first: Instant; readonly last: Instant } | null = null;
  #healthy = { renewals: 0, acquisitions: 0 };

  constructor(
    private readonly paths: Paths,
    private readonly keepHealthy: boolean,
  ) {
    this.#kept = new KeptCycles(keepHealthy ? MOST_ATTEMPTS : FEW_ATTEMPTS, (cycle) => {
      this.#limits.cycle(cycle);
    });
  }

  lease(lease: Lease): void {
    this.#leases.add(lease);
    if (this.#leases.size > MOST_LEASES) this.#leases.delete(leastMissed(this.#leases) ?? lease);
  }

  cycle(cycle: Cycle): void {
    if (this.#released.has(cycle)) {
      this.#kept.changed(cycle);
      return;
    }
    if (!wentWell(cycle)) {
      this.#kept.add(cycle);
      return;
    }
    this.#released.add(cycle);
    this.#notes.cycle(cycle);
    if (this.keepHealthy) this.#kept.addHealthy(cycle);
    else this.#kept.drop(cycle);
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

  overlapped(sighting: Sighting): void {
    this.#notes.overlapped(sighting);
  }

  declined(binding: Binding, message: Message): void {
    this.#notes.declined(binding, lastSighting(message));
  }

  forgotten(client: Client, latest: Message): void {
    this.#limits.forgotten(client, latest);
    for (const { lease, lost } of client.bindings) {
      if (lease !== null) this.#leases.delete(lease);
      if (lost !== null) this.#leases.delete(lost);
    }
  }

  jumped({ client }: Binding, message: Message): void {
    this.#clocks.jumped(client, message);
  }

  /** An input that was read; its clock may not be the one that times are told by. */
  input({ name, own, first, last }: InputFacts): void {
    if (first === null || last === null) return;
    if (own === null) this.#reference ??= { name, first, last };
    else this.#clocks.offset(name, own.clock, first, last);
  }

  clockStep(event: ClockStepEvent): void {
    this.#clocks.step(event);
  }

  /**
   * What a diagnosis may know.
   *
   * @param troubled see Context.troubled; in the middle of watching, those of the client concerned will do
   */
  context(tracker: Tracker, observed: Observed, troubled: readonly Cycle[]): Context {
    const servers = tracker.servers.all();
    const shown = tracker.clients.showingUnicasts;
    return {
      observed,
      seesNoReplies: servers.length === 0 && troubled.some(({ blind }) => blind),
      seesUnicasts: shown > 0,
      isShared: shown >= SEVERAL,
      showsUnicasts: ({ visibility }) => shown >= SEVERAL || showsUnicasts(visibility),
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
   * @param interfaces how each interface of the inputs was watched
   * @param witnesses logs and lease files that speak of what was lost
   */
  finish(
    tracker: Tracker,
    observed: Observed,
    interfaces: readonly NamedWatching[],
    witnesses: Witnesses | null,
  ): Verdicts {
    const cycles = [...this.#kept.troubled].sort(byStart);
    const servers = tracker.servers.all();
    const context = this.context(tracker, observed, cycles);
    const judged = cycles.map((cycle) => diagnose(cycle, context));
    const said = witnesses?.testify(judged);
    const { name = "", first, last } = this.#reference ?? {};
    for (const { input, clock } of witnesses?.clocks(name) ?? []) {
      if (first !== undefined && last !== undefined) this.#clocks.offset(input, clock, first, last);
    }
    const troubles = judged.map((diagnosis) => weigh(diagnosis, said?.get(diagnosis.cycle) ?? []));
    for (const { kind, binding } of cycles) {
      if (kind === "renewal") this.#renewals.set(binding, (this.#renewals.get(binding) ?? 0) + 1);
    }
    const losses = lossFindings(troubles, this.#renewals);
    for (const cycle of cycles) {
      this.#notes.cycle(cycle);
    }
    const harmed = new Set(
      losses
        .filter(({ code }) => code === "offload-partial")
        .flatMap(({ diagnoses: spoiled }) => spoiled.flatMap(serversOf)),
    );
    const findings = [
      ...losses,
      ...this.#notes.findings(harmed),
      ...this.#clocks.findings(),
      ...watchNotes(interfaces),
      ...this.#limits.findings(),
    ]
      .sort((a, b) => rank(a) - rank(b) || a.from.seconds - b.from.seconds || a.from.nanos - b.from.nanos)
      .map((finding, index) => ({ ...finding, id: `F${String(index + 1)}` }));
    const silences = silencesByServer(cycles, context);
    const healthy = this.#kept.healthy.map((cycle) => {
      return { cycle, lost: [], causes: new Map(), main: null, said: [], untimed: untimedReplies(cycle, context) };
    });
    return {
      leases: [...this.#leases],
      diagnoses: [...troubles, ...healthy].sort((a, b) => byStart(a.cycle, b.cycle)),
      healthy: this.keepHealthy ? this.#kept.uncounted : this.#healthy,
      servers: servers.map((server) => ({ server, silences: silences.get(server) ?? [] })),
      findings,
    };
  }
}

/** The unicasts of so many clients pass no port of a guest. */
const SEVERAL = 2;
/** Attempts kept beyond the first and the last of each cycle, where records tell of each one. */
const MOST_ATTEMPTS = 1 << 18;
/** … and where only the report does, or a watch that goes on for months. */
const FEW_ATTEMPTS = 1 << 14;
/** Leases of which records tell, in memory of a few hundred bytes each. */
const MOST_LEASES = 1 << 18;
/** So many of the oldest are looked at for one that is missed least. */
const LOOKED_AT = 64;

/** The oldest that nobody lost. */
function leastMissed(leases: ReadonlySet<Lease>): Lease | undefined {
  let first: Lease | undefined;
  let looked = 0;
  for (const lease of leases) {
    first ??= lease;
    looked += 1;
    if (lease.lostAt === null) return lease;
    if (looked === LOOKED_AT) break;
  }
  return first;
}

function byStart({ started: a }: Cycle, { started: b }: Cycle): number {
  return a.seconds - b.seconds || a.nanos - b.nanos;
}

/** Each message got its answer at once, so no later evidence can make anything of it. */
export function wentWell(cycle: Cycle): boolean {
  return (
    cycle.ended !== null &&
    !cycle.blind &&
    (cycle.kind === "acquisition" || cycle.unresolved.server.length === 0) &&
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
