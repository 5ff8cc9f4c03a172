import { addSeconds, secondsBetween, toSeconds, type Instant } from "../capture/instant.js";
import { checksumOf } from "../findings/context.js";
import { unseenRenewal } from "../findings/prose/no-request.js";
import { countedSeconds } from "../findings/prose/words.js";
import { diagnose, type Diagnosis } from "../findings/diagnose.js";
import { lossFindings } from "../findings/losses.js";
import { severityOf } from "../findings/severity.js";
import type { Situation } from "../findings/situation.js";
import type { Attempt, Cycle, Lease, RenewalCycle, Reply } from "../lease/cycle.js";
import { countedAs } from "../lease/episode.js";
import { timesOf } from "../lease/losing.js";
import { deadlines } from "../lease/timers.js";
import { forecastDue, nextForecast, stepAt, type Endangered } from "./forecast.js";
import type { LiveEvent, Reason, TellEvent } from "./live-event.js";
import { keepTroubled, warnedFor, type Standing, type Warned } from "./standing.js";

/** Seconds for which a client is given time to ask again before a single lost message is told of. */
const PATIENCE = 10;
/** Partial replies ignored one after the other, before a sound one that is taken shows a remedy and no chance. */
const SEVERAL = 2;
/** Seconds after which a client in trouble is looked at again, at the earliest, though nothing was heard of it. */
const AGAIN = 10;
/** Of the lease: after so long a client is looked at again that may have renewed it while nobody watched. */
const UNSEEN = 1 / 8;

/** When a renewal began or was due, and who did not see it. */
type Renewal = Pick<RenewalCycle, "started" | "unseen">;

interface Options {
  readonly warnBefore: readonly number[];
  readonly tell: TellEvent;
}

/** One look at one client: compares how it stands with what was told of it, and tells what is new. */
export class Examination {
  #next = Infinity;

  constructor(
    private readonly standing: Standing,
    private readonly ask: (troubled: readonly Cycle[]) => Situation,
    private readonly until: Instant,
    private readonly options: Options,
  ) {}

  /** @returns when to look again, in seconds since 1970; Infinity: when something happens */
  run(): number {
    const { standing } = this;
    for (const cycle of standing.closed.splice(0)) this.#closed(cycle);
    this.#regained();
    const { cycle, lease } = standing.binding;
    if (cycle !== null) this.#open(cycle);
    else if (lease !== null) this.#bound(this.#situation(null), lease);
    return this.#next;
  }

  // Cycles that are over

  #closed(cycle: Cycle): void {
    const situation = this.#situation(cycle);
    const diagnosis = diagnose(cycle, situation.context);
    if (diagnosis.main !== null) keepTroubled(this.standing, cycle);
    const { accepted } = cycle;
    if (accepted !== null && accepted.message.kind !== "NAK") {
      this.#succeeded(cycle, accepted, diagnosis);
      return;
    }
    if (cycle.kind === "renewal") this.#ended(cycle, diagnosis, situation);
    this.#countPartial(cycle, diagnosis);
  }

  #ended(cycle: RenewalCycle, diagnosis: Diagnosis, situation: Situation): void {
    const { lease, outcome } = cycle;
    const { standing } = this;
    if (outcome === "expired" || outcome === "refused" || outcome === "abandoned") {
      this.#lost(lease, outcome, lease.lostAt ?? cycle.ended, this.#reason(diagnosis, situation), cycle);
    } else if (outcome === "left" && standing.told?.cycle === cycle && !standing.told.over) {
      const { binding } = standing;
      this.#tell({ kind: "restarted", binding, lease, released: lease.state === "RELEASED" });
      standing.told.over = true;
    }
  }

  #succeeded(cycle: Cycle, reply: Reply, { lost, causes }: Diagnosis): void {
    const { told, binding, partial } = this.standing;
    const { count, server } = partial[cycle.kind];
    partial[cycle.kind] = { count: 0, server: null };
    if (told?.cycle === cycle && !told.over) {
      told.over = true;
      this.#tellSuccess(cycle, reply, lost.length);
    }
    const { verdict } = checksumOf(reply.message);
    const own = lost.filter((attempt) => causes.get(attempt)?.cause === "offload-partial");
    const ignored = count + own.length;
    const from = own.length > 0 ? serverOf(own) : server;
    const sound = verdict === "good" || verdict === "absent";
    if (sound && ignored >= SEVERAL && from === serverOf([reply.attempt])) {
      this.#tell({ kind: "remedied", binding, cycle, reply, ignored });
    }
  }

  #countPartial({ kind }: Cycle, { lost, causes }: Diagnosis): void {
    const partial = this.standing.partial[kind];
    const ignored = lost.filter((attempt) => causes.get(attempt)?.cause === "offload-partial");
    if (ignored.length === 0) return;
    partial.count += ignored.length;
    partial.server = serverOf(ignored);
  }

  /** The tracker knows that a client has an address again. */
  #regained(): void {
    const { standing } = this;
    const { regained, lost, binding } = standing;
    standing.regained = null;
    const [since, outage] = [regained?.lostAt ?? null, regained?.outage ?? null];
    if (regained === null || outage === null || lost === null) return;
    standing.lost = null;
    const address = binding.lease?.address ?? regained.address;
    const again = since === null ? null : addSeconds(since, outage);
    const after = again === null || lost.lostAt === null ? outage : countedSeconds(lost.lostAt, again);
    this.#tell({ kind: "recovered", binding, address, after: Math.max(0, after) });
  }

  // What goes on

  #open(cycle: Cycle): void {
    const { standing } = this;
    const situation = this.#situation(cycle);
    const { taken, proven, lease, fate, timed } = situation.presumption;
    const last = cycle.attempts.at(-1)?.message.time ?? -Infinity;
    const now = toSeconds(this.until);
    // The longer nothing was heard of it, the less a moment counts.
    if (standing.told?.cycle === cycle || standing.lost !== null) this.#again(now + Math.max(AGAIN, (now - last) / 10));
    if (taken !== null) {
      if (proven) this.#proven(cycle, taken, situation);
      if (lease !== null) this.#bound(situation, lease);
      return;
    }
    const diagnosis = diagnose(cycle, situation.context);
    if (diagnosis.main === null) {
      this.#again(last + PATIENCE + 1);
      return;
    }
    if (cycle.kind === "renewal" && fate !== "open") {
      this.#ranOut(cycle, fate, this.#reason(diagnosis, situation));
      return;
    }
    const told = this.#trouble(diagnosis, situation);
    if (cycle.kind === "renewal" && timed && told !== "not" && !isWaiting(cycle)) {
      this.#endangered(cycle, situation, told === "now");
    }
  }

  /** Silence proves that it took a reply, before its next message will. */
  #proven(cycle: Cycle, taken: Reply, { context }: Situation): void {
    const { standing } = this;
    const { lost, told, binding } = standing;
    if (lost !== null && cycle.kind === "acquisition") {
      standing.lost = null;
      if (told?.cycle === cycle) told.over = true;
      const after = lost.lostAt === null ? 0 : Math.max(0, countedSeconds(lost.lostAt, taken.message.instant));
      this.#tell({ kind: "recovered", binding, address: taken.message.dhcp.yiaddr, after });
    }
    if (told?.cycle === cycle && !told.over) {
      told.over = true;
      this.#tellSuccess(cycle, taken, diagnose(cycle, context).lost.length);
    }
  }

  #tellSuccess(cycle: Cycle, reply: Reply, lost: number): void {
    const { lost: lease, binding } = this.standing;
    // That a client that had lost its address has one again is told as such.
    if (cycle.kind === "renewal" || lease === null) this.#tell({ kind: "succeeded", binding, cycle, reply, lost });
  }

  /** @returns when it was told of */
  #trouble(diagnosis: Diagnosis, situation: Situation): "now" | "before" | "not" {
    const { standing } = this;
    const { cycle, lost, main } = diagnosis;
    const severity = severityOf(diagnosis);
    const before = standing.told?.cycle === cycle ? standing.told : null;
    const reason = this.#reason(diagnosis, situation);
    if (severity === null || main === null || reason === null) return before === null ? "not" : "before";
    const [first] = lost;
    const last = cycle.attempts.at(-1);
    const patient = first !== last || toSeconds(this.until) - (first?.message.time ?? 0) >= PATIENCE;
    const said = `${main.cause} ${main.confidence} ${severity}`;
    if (before === null && severity === "note" && !patient) {
      this.#again((first?.message.time ?? 0) + PATIENCE);
      return "not";
    }
    if (before?.said === said) return "before";
    standing.told = { cycle, said, over: false };
    this.#tell({ kind: "trouble", binding: standing.binding, reason });
    return "now";
  }

  #endangered(cycle: RenewalCycle, { lastSeen }: Situation, justTold: boolean): void {
    const { grantedBefore, lease, binding } = cycle;
    const times = grantedBefore === null ? null : deadlines(grantedBefore.granted, grantedBefore.terms);
    if (times === null) return;
    const warned = warnedFor(this.standing, lease);
    // With the reason it was said when the lease runs out.
    if (justTold) {
      const step = stepAt(this.options.warnBefore, secondsBetween(this.until, times.expires));
      warned.step = Math.min(warned.step, step);
    }
    const last = cycle.attempts.at(-1)?.message.time ?? -Infinity;
    this.#forecast({ binding, lease, times, asked: true, lastSign: Math.max(last, lastSeen) }, warned);
    this.#again(toSeconds(times.expires) + tolerated(lease));
  }

  /** A renewal that is open, and whose lease has run out. */
  #ranOut(cycle: RenewalCycle, fate: "expired" | "left", reason: Reason | null): void {
    const { lease, grantedBefore } = cycle;
    const times = grantedBefore === null ? null : deadlines(grantedBefore.granted, grantedBefore.terms);
    if (times === null) return;
    if (fate === "left") this.#left(lease, cycle);
    else this.#lost(lease, "expired", times.expires, reason, cycle);
  }

  #left(lease: Lease, renewal: Renewal): void {
    const warned = warnedFor(this.standing, lease);
    if (warned.ended) return;
    warned.ended = true;
    this.#tell({ kind: "left", binding: this.standing.binding, lease, unseen: unseenRenewal(renewal) });
  }

  /** It holds a lease and has not begun to renew it. */
  #bound({ presumption, lastSeen }: Situation, lease: Lease): void {
    const known = timesOf(lease);
    if (known === null || lease.terms === null) return;
    const now = toSeconds(this.until);
    const { missed } = presumption;
    if (missed === null) {
      // It may have been renewed unseen: then it is due so much later.
      const later = now + Math.max(AGAIN, lease.terms.leaseTime * UNSEEN);
      const due = toSeconds(known.missed) + known.tolerance + 1;
      this.#again(due > now ? due : later);
      return;
    }
    const { times, alive } = missed;
    if (secondsBetween(times.expires, this.until) > times.tolerance) {
      const renewal = { started: times.due, unseen: times.unseen };
      if (alive === "seen") this.#lost(lease, "expired", times.expires, null, renewal);
      else this.#left(lease, renewal);
      return;
    }
    const { binding } = lease;
    const warned = warnedFor(this.standing, lease);
    // When a lease ends that may have been renewed unseen, is not known.
    const isKnown = secondsBetween(known.expires, times.expires) === 0;
    if (alive === "seen" && isKnown) {
      this.#forecast({ binding, lease, times, asked: false, lastSign: lastSeen }, warned);
    } else {
      this.#again(nextForecast(times, this.options.warnBefore, now));
    }
    this.#again(toSeconds(times.expires) + times.tolerance + 1);
  }

  #forecast(endangered: Endangered, warned: Warned): void {
    const { warnBefore } = this.options;
    const event = forecastDue(endangered, warned, warnBefore, this.until);
    if (event !== null) this.#tell(event);
    this.#again(nextForecast(endangered.times, warnBefore, toSeconds(this.until)));
  }

  #lost(
    lease: Lease,
    how: "expired" | "refused" | "abandoned",
    lostAt: Instant | null,
    reason: Reason | null,
    renewal: Renewal,
  ): void {
    const { standing } = this;
    const { binding } = standing;
    if (standing.told !== null) standing.told.over = true;
    const warned = warnedFor(standing, lease);
    if (warned.ended) return;
    warned.ended = true;
    const { granted, terms } = lease;
    const isLatest = renewal.unseen !== null;
    const isKnown = how === "expired" && !isLatest && granted !== null && terms !== null;
    const expires = isKnown ? deadlines(granted, terms)?.expires : null;
    const told = expires ?? lostAt;
    standing.lost = { ...lease, lostAt: told };
    this.#tell({ kind: "lost", binding, lease, how, lostAt: told, isLatest, unseen: unseenRenewal(renewal), reason });
  }

  #reason(diagnosis: Diagnosis, situation: Situation): Reason | null {
    const { binding, troubled } = this.standing;
    const before = troubled.filter((cycle) => cycle !== diagnosis.cycle);
    const all = [...before.map((cycle) => diagnose(cycle, situation.context)), diagnosis];
    const renewals = new Map([[binding, situation.healthyRenewals + all.length]]);
    const [finding] = lossFindings([diagnosis], renewals);
    const whole = lossFindings(all, renewals).find(({ code }) => code === finding?.code);
    return finding === undefined || whole === undefined ? null : { finding, whole, background: situation.background };
  }

  #situation(cycle: Cycle | null): Situation {
    const { troubled } = this.standing;
    return this.ask(cycle === null || troubled.includes(cycle) ? troubled : [...troubled, cycle]);
  }

  #tell(event: LiveEvent): void {
    this.options.tell(event, this.until);
  }

  #again(time: number): void {
    if (time > toSeconds(this.until)) this.#next = Math.min(this.#next, time);
  }
}

/** The server that answered the last of these attempts. */
function serverOf(attempts: readonly Attempt[]): number | null {
  const message = attempts.at(-1)?.replies[0]?.message;
  return message === undefined ? null : (message.serverId ?? message.src);
}

/**
 * A reply to its last request came, and what it does with it is not known yet; not one of a kind that it has been
 * turning down.
 */
function isWaiting({ attempts, binding }: RenewalCycle): boolean {
  const { ignored } = binding.episode;
  const replies = attempts.at(-1)?.replies ?? [];
  return replies.some(
    (reply) => reply.outcome === "unknown" && reply.reason === null && ignored[countedAs(reply)] === 0,
  );
}

function tolerated(lease: Lease): number {
  return (timesOf(lease)?.tolerance ?? 0) + 1;
}
