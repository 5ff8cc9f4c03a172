import { addSeconds, secondsBetween, toSeconds, type Instant } from "../capture/instant.js";
import type { Binding, Cycle, Proof, RenewalCycle, Reply } from "./cycle.js";
import type { Ledger } from "./ledger.js";
import type { Message } from "./message.js";
import type { Observed } from "./observed.js";
import { ruleOnAck, ruleOnSilence } from "./outcomes/acquisition.js";
import {
  accept,
  choose,
  CROSSING,
  ignore,
  setAside,
  undecided,
  undecidedBefore,
  type Ruling,
} from "./outcomes/decide.js";
import { cameTooLate } from "./outcomes/lateness.js";
import { decideOffers } from "./outcomes/offers.js";
import { ruleOnRenewalAck, ruleOnRenewalSilence } from "./outcomes/renewal.js";
import type { Presence } from "./presence.js";
import { expiryTolerance } from "./timers.js";

/** How a renewal stands: still open, or its lease ran out, and the client lost it or had left before. */
export interface Fate {
  readonly fate: "open" | "expired" | "left";
  /** null: not known, or never. */
  readonly expires: Instant | null;
}

/** Decides what became of replies, by the client's next step or by its silence, and closes what they end. */
export class Resolution {
  constructor(
    private readonly ledger: Ledger,
    private readonly presence: Presence,
    private readonly observed: Observed,
  ) {}

  /** What the client's message `next` says of the replies before it. */
  byNext(binding: Binding, next: Message): void {
    const { cycle } = binding;
    if (cycle === null || cycle.waiting.length === 0) {
      return;
    }
    const pending = undecidedBefore(cycle, next);
    if (cycle.kind === "acquisition") {
      const offers = next.kind === "REQUEST" ? undecided(cycle) : pending;
      decideOffers(cycle, offers.filter(isKind("OFFER")), next);
    }
    const acks = pending.filter(isKind("ACK"));
    const naks = pending.filter(isKind("NAK"));
    const chosen = choose(binding, latest(cycle, acks));
    if (chosen !== undefined) {
      const ruling = this.#ruleOnNext(cycle, chosen, next);
      // An ACK that nothing proves, and a NAK, and the client begins anew: it was the NAK.
      if (ruling.outcome !== "unknown" || naks.length === 0 || next.kind !== "DISCOVER") {
        this.#apply(cycle, acks, chosen, ruling, next);
      }
    }
    if (binding.cycle === cycle) {
      this.#decideNaks(cycle, naks, next);
    } else {
      for (const nak of naks) {
        setAside(nak, "duplicate", "satisfied");
      }
    }
  }

  /** What silence until `until` says of the open cycle, which ends with it if its lease has run out. */
  bySilence(binding: Binding, cycle: Cycle, until: Instant): void {
    const acks = undecided(cycle).filter(isKind("ACK"));
    const chosen = choose(binding, latest(cycle, acks));
    if (chosen !== undefined) {
      this.#apply(cycle, acks, chosen, this.#ruleOnSilence(cycle, chosen, until), null);
    }
    const nak = undecided(cycle).find(isKind("NAK"));
    if (binding.cycle === cycle && nak !== undefined && chosen === undefined) {
      // Clients obey; that this one did was not seen any more.
      this.ledger.refuse(cycle, nak);
    }
    if (binding.cycle !== cycle) {
      return;
    }
    if (cycle.kind === "renewal" && undecided(cycle).length === 0 && cycle.attempts.length > 0) {
      this.#runOut(cycle, until);
    } else {
      this.ledger.changed(cycle);
    }
  }

  /** What silence until `until` would decide of the replies to an open cycle: the one it took; null: none. */
  silenceSays(cycle: Cycle, until: Instant): { readonly taken: Reply; readonly proven: boolean } | null {
    const chosen = choose(cycle.binding, latest(cycle, undecided(cycle).filter(isKind("ACK"))));
    if (chosen === undefined) return null;
    const { outcome } = this.#ruleOnSilence(cycle, chosen, until);
    const granted = outcome === "accepted" || (outcome === "unknown" && isGrantedUnproved(cycle, chosen));
    return granted ? { taken: chosen, proven: outcome === "accepted" } : null;
  }

  #ruleOnNext(cycle: Cycle, ack: Reply, next: Message): Ruling {
    const { client } = cycle.binding;
    if (beginsAnew(next, ack) && this.observed.hidden(client, ack.message.time, next.time) !== null) {
      // It may have asked, and been answered, while nobody watched: the silence before that is all there is.
      return this.#ruleOnSilence(cycle, ack, next.instant);
    }
    const ruling =
      cycle.kind === "renewal"
        ? ruleOnRenewalAck(cycle, ack, next)
        : ruleOnAck(cycle, ack, next, this.#usedAddress(cycle.binding, ack));
    // What shows that it was granted its lease shows no more than that where nobody watched when.
    const unwatched =
      ruling.outcome === "accepted" && this.observed.hidden(client, ack.message.time, next.time) !== null;
    return unwatched ? this.#ruleOnSilence(cycle, ack, next.instant) : ruling;
  }

  /** Silence counts as long as it was watched without interruption. */
  #ruleOnSilence(cycle: Cycle, ack: Reply, until: Instant): Ruling {
    const { client } = cycle.binding;
    const now = this.observed.hidden(client, ack.message.time, toSeconds(until))?.from ?? toSeconds(until);
    return cycle.kind === "renewal"
      ? ruleOnRenewalSilence(cycle, ack, now, this.#lastSeen(cycle.binding))
      : ruleOnSilence(ack, now, this.#usedAddress(cycle.binding, ack));
  }

  #apply(cycle: Cycle, acks: readonly Reply[], chosen: Reply, ruling: Ruling, next: Message | null): void {
    const { binding } = cycle;
    switch (ruling.outcome) {
      case "ignored":
        for (const ack of acks) {
          turnDown(cycle, ack, ruling.proof, next);
        }
        return;
      case "accepted":
        this.#satisfy(cycle, chosen, ruling.proof);
        return;
      case "unknown": {
        const asksOn = next !== null && cycle.kind === "renewal" && next.kind === "REQUEST" && next.dhcp.ciaddr !== 0;
        if (!asksOn && isGrantedUnproved(cycle, chosen)) {
          this.ledger.grant(cycle, chosen);
          binding.loops += next?.kind === "DISCOVER" ? 1 : 0;
        }
      }
    }
  }

  #satisfy(cycle: Cycle, reply: Reply, proof: Proof): void {
    accept(cycle.binding, reply, proof);
    cycle.binding.loops = 0;
    setOthersAside(cycle, reply);
    this.ledger.grant(cycle, reply);
  }

  #decideNaks(cycle: Cycle, naks: readonly Reply[], next: Message): void {
    const [nak] = naks;
    if (nak === undefined) {
      return;
    }
    const asksOn = next.kind === "REQUEST" && asksForTheSame(next, nak.attempt.message);
    if (asksOn || (hasDefied(cycle) && actsOnExpiry(cycle, next))) {
      for (const reply of naks) {
        turnDown(cycle, reply, "kept-address", next);
      }
      return;
    }
    accept(cycle.binding, nak, "restarted");
    setOthersAside(cycle, nak);
    this.ledger.refuse(cycle, nak);
  }

  #runOut(cycle: RenewalCycle, until: Instant): void {
    const { fate, expires } = this.fateOf(cycle, until);
    if (expires === null || fate === "open") {
      this.ledger.changed(cycle);
    } else if (fate === "left") {
      this.ledger.drop(cycle, "LEFT", expires);
    } else {
      this.ledger.lose(cycle, "expired", expires);
    }
  }

  /**
   * What becomes of a renewal if nothing more comes until `until`: the address is lost at expiry, unless the client is
   * no longer there to miss it. Decides nothing yet.
   */
  fateOf(cycle: RenewalCycle, until: Instant): Fate {
    const { grantedBefore } = cycle;
    const leaseTime = grantedBefore?.terms.leaseTime ?? Infinity;
    if (grantedBefore === null || leaseTime === Infinity) {
      return { fate: "open", expires: null };
    }
    const expires = addSeconds(grantedBefore.granted, leaseTime);
    if (secondsBetween(expires, until) <= expiryTolerance(leaseTime)) {
      return { fate: "open", expires };
    }
    const { mac } = cycle.binding.client;
    const last = cycle.attempts.at(-1)?.message.time ?? 0;
    if (this.observed.hidden(cycle.binding.client, last, toSeconds(expires)) !== null) {
      // It may have been renewed then.
      return { fate: "open", expires };
    }
    if (!this.observed.sawBetween(last + JUST_AFTER, toSeconds(expires))) {
      // Stamps jump from its request to past the end of its lease: how much time passed is not known.
      return { fate: "open", expires };
    }
    const t2 = toSeconds(grantedBefore.granted) + grantedBefore.terms.t2;
    if (last < t2 - expiryTolerance(leaseTime) && this.#lastSeen(cycle.binding) < t2) {
      // It did not even rebind: it was no longer there.
      return { fate: "left", expires };
    }
    const silent = mac !== null && this.presence.isObservable(mac, last) && this.presence.lastSeen(mac) < last;
    const gone = silent || (mac !== null && this.presence.movedAt(mac) > last);
    return { fate: gone ? "left" : "expired", expires };
  }

  /** Whether the client used the address that an ACK gave it, after that ACK. */
  #usedAddress(binding: Binding, ack: Reply): boolean {
    const { mac } = binding.client;
    const fresh = binding.cycle?.kind === "acquisition" && binding.cycle.from === "INIT";
    return mac !== null && fresh && this.presence.lastUse(mac, ack.message.dhcp.yiaddr) > ack.message.time;
  }

  #lastSeen(binding: Binding): number {
    const { mac } = binding.client;
    return mac === null ? -Infinity : this.presence.lastSeen(mac);
  }
}

/** Seconds; what was captured so soon after a request is of the same breath. */
const JUST_AFTER = 1;

function isKind(kind: "OFFER" | "ACK" | "NAK"): (reply: Reply) => boolean {
  return ({ message }) => message.kind === kind;
}

/** The replies since the last attempt, or those that it may have crossed; all, if there are none. */
function latest(cycle: Cycle, replies: readonly Reply[]): readonly Reply[] {
  if (replies.length < 2) return replies;
  const last = cycle.attempts.at(-1)?.message;
  const recent = replies.filter(({ message }) => last !== undefined && message.time >= last.time - CROSSING);
  const current = recent.filter(({ message }) => message.xid === last?.xid);
  return [current, recent, replies].find(({ length }) => length > 0) ?? replies;
}

/** With another transaction that is no renewal. */
function beginsAnew(next: Message, { attempt }: Reply): boolean {
  return next.kind === "DISCOVER" || (next.dhcp.ciaddr === 0 && next.xid !== attempt.message.xid);
}

/** It did not take this reply: it had no more use for it, or it ignored it although it waited. */
function turnDown(cycle: Cycle, reply: Reply, proof: Proof, next: Message | null): void {
  if (reply.fault === null && cameTooLate(cycle, reply, next)) {
    setAside(reply, "late", "transaction-over");
  } else {
    ignore(cycle.binding, reply, proof);
  }
}

/** What else came to the request that `taken` answered was not needed any more. */
function setOthersAside(cycle: Cycle, taken: Reply): void {
  for (const reply of undecided(cycle)) {
    if (reply !== taken && reply.message.kind !== "OFFER" && reply.message.time >= taken.attempt.message.time) {
      const same = reply.message.xid === taken.message.xid;
      setAside(reply, same ? "duplicate" : "late", same ? "satisfied" : "transaction-over");
    }
  }
}

/** Nothing speaks against it: taken as granted, though not proved. */
function isGrantedUnproved({ turnedDown }: Cycle, ack: Reply): boolean {
  return !turnedDown && ack.fault === null;
}

/** It has gone on asking after a NAK: it hears none, so another is not what made it begin anew. */
function hasDefied(cycle: Cycle): boolean {
  return cycle.attempts.some(({ replies }) => replies.some(({ proof }) => proof === "kept-address"));
}

/** It begins anew because its lease has run out. */
export function actsOnExpiry(cycle: Cycle | null, next: Message): boolean {
  if (cycle?.kind !== "renewal" || cycle.grantedBefore === null || next.kind !== "DISCOVER") {
    return false;
  }
  const { granted, terms } = cycle.grantedBefore;
  return Math.abs(next.time - toSeconds(granted) - terms.leaseTime) <= expiryTolerance(terms.leaseTime);
}

/** Whether a REQUEST goes on asking for what `before` asked for, as if there had been no NAK. */
function asksForTheSame(next: Message, before: Message): boolean {
  return next.dhcp.ciaddr !== 0
    ? next.dhcp.ciaddr === before.dhcp.ciaddr
    : next.xid === before.xid && next.requested === before.requested && next.serverId === before.serverId;
}
