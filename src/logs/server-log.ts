import type { Cause, Severity } from "../findings/cause.js";
import { pickCapture } from "../findings/remedies/capture.js";
import * as checksum from "../findings/remedies/checksum.js";
import * as damage from "../findings/remedies/damage.js";
import * as load from "../findings/remedies/host-load.js";
import * as network from "../findings/remedies/network.js";
import * as server from "../findings/remedies/server.js";
import { count, duration } from "../findings/prose/words.js";
import { formatIpv4 } from "../wire/addresses.js";
import { keep } from "./client-cycle.js";
import type { LogFact } from "./fact.js";
import type { LogFinding, Who } from "./finding.js";
import { secondsBetweenPlaces, type Place } from "./place.js";

type Served = Extract<LogFact, { kind: "served" }>;

/**
 * A renewal that is asked for again this much sooner than the longest pause before it is a repetition: clients that
 * are content come back after the same T1 each time, while repetitions come at a fraction of it (RFC 2131 section 4.4.5
 * halves what is left; dhclient waits 7 to 22 s, NetworkManager 60 s).
 */
const SOONER = 0.6;
/** Repetitions in a row before a DISCOVER that are no accident: one may be a lost packet. */
const SEVERAL = 2;
/** Without a DISCOVER behind them, a client that is restarted again and again looks the same for longer. */
const MANY = 3;
/** No client asks again so soon, in seconds: a server that logs such a pause took the requests from its queue. */
const AT_ONCE = 0.5;
/** A busy server serves many; what is kept of each is small. */
const MOST_CLIENTS = 100_000;

/** What a server's log tells of one client. */
interface ServedClient {
  readonly who: Who;
  /** Answered REQUESTs since the client last began anew. */
  answered: number;
  longest: number;
  previous: Place | null;
  /** Repetitions since the last pause as long as usual. */
  repeated: Place[];
  repetitions: number;
  /** Requests that were taken up at once with the one before. */
  queued: number;
  /** REQUESTs that the server says it does not answer. */
  ignored: Place[];
  remark: string;
  /** A REQUEST that waits for its answer. */
  waiting: Place | null;
}

/** The log of one server process. */
export class ServerLog {
  readonly #clients = new Map<string, ServedClient>();
  answered = 0;

  constructor(
    private readonly host: string | null,
    private readonly program: string,
    private readonly found: (finding: LogFinding) => void,
  ) {}

  get clients(): number {
    return this.#clients.size;
  }

  served(fact: Served, place: Place): void {
    const client = this.#client(fact);
    if (client === null) return;
    switch (fact.message) {
      case "DISCOVER":
        this.#judge(client, true);
        break;
      case "REQUEST":
        this.#request(client, fact, place);
        break;
      case "ACK":
        this.#acknowledged(client, place);
        break;
      case "NAK":
      case "RELEASE":
      case "DECLINE":
        forget(client);
        break;
      case "OFFER":
        break;
    }
  }

  /** The counter of ISC's dhcpd: requests that it threw away. */
  counted(fact: Extract<LogFact, { kind: "counted" }>, place: Place): void {
    this.found({
      code: "checksum-rejected",
      severity: "warning",
      confidence: "certain",
      alternatives: ["request-partial", "request-bad"],
      who: {
        role: "server",
        host: this.host,
        device: null,
        hardware: null,
        address: null,
        program: this.program,
      },
      evidence: [place],
      from: place,
      to: place,
      summary: `the server threw away ${fact.bad} of ${count(fact.seen, "request")} for their ${fact.sum === "udp" ? "UDP" : "IP"} checksum`,
      proof: [
        "It counts packets from clients. Of ISC's dhcpd on Linux before 4.3.2, and on BSD to this day, that is what becomes of renewals that a guest on the same host sends through its kernel.",
      ],
      open: ["Of which clients, and whether their sums were partial: the line names neither."],
      remedies: [damage.requestTxOff, damage.updateServer],
    });
  }

  finish(): void {
    for (const client of this.#clients.values()) this.#judge(client, false);
  }

  #client(fact: Served): ServedClient | null {
    const key = fact.client ?? (fact.address === null ? null : formatIpv4(fact.address));
    if (key === null) return null;
    const known = this.#clients.get(key);
    if (known !== undefined) return known;
    if (this.#clients.size >= MOST_CLIENTS) return null;
    const client: ServedClient = {
      who: {
        role: "client",
        host: null,
        device: null,
        hardware: fact.client,
        address: fact.address,
        program: this.program,
      },
      answered: 0,
      longest: 0,
      previous: null,
      repeated: [],
      repetitions: 0,
      queued: 0,
      ignored: [],
      remark: "",
      waiting: null,
    };
    this.#clients.set(key, client);
    return client;
  }

  #request(client: ServedClient, fact: Served, place: Place): void {
    client.waiting = place;
    if (fact.remark === null || !/unknown lease|unknown client|not authoritative/i.test(fact.remark)) return;
    keep(client.ignored, place);
    client.remark = fact.remark;
  }

  /** Kea and udhcpd log answers only: each stands for its request. */
  #acknowledged(client: ServedClient, place: Place): void {
    this.answered += 1;
    const asked = client.waiting ?? place;
    client.waiting = null;
    client.ignored = [];
    const pause = client.previous === null ? null : secondsBetweenPlaces(client.previous, asked);
    if (pause !== null && pause < SOONER * client.longest) {
      if (pause < AT_ONCE) client.queued += 1;
      else client.repetitions += 1;
      if (client.repeated.length === 0 && client.previous !== null) keep(client.repeated, client.previous);
      keep(client.repeated, asked);
    } else if (pause !== null) {
      this.#repetitions(client, false);
      client.longest = Math.max(client.longest, pause);
      client.repetitions = 0;
      client.queued = 0;
      client.repeated = [];
    }
    client.answered += 1;
    client.previous = asked;
  }

  /** The client begins anew, or the log ends. */
  #judge(client: ServedClient, anew: boolean): void {
    if (!this.#repetitions(client, anew) && client.ignored.length >= SEVERAL) this.#ignored(client, anew);
    forget(client);
  }

  #repetitions(client: ServedClient, anew: boolean): boolean {
    const late = client.queued >= SEVERAL;
    const repeated = client.repetitions >= (anew ? SEVERAL : MANY);
    if (late) this.#late(client, anew);
    else if (repeated) this.#repeated(client, anew);
    return late || repeated;
  }

  #late({ who, repeated, queued }: ServedClient, anew: boolean): void {
    const [first] = repeated;
    const last = repeated.at(-1);
    if (first === undefined || last === undefined) return;
    this.found({
      code: "late-reply",
      severity: anew ? "error" : "warning",
      confidence: "likely",
      alternatives: [],
      who,
      evidence: repeated,
      from: first,
      to: last,
      summary: `the server took ${count(queued + 1, "request")} of this client up at once, late${anew ? "; then the client began anew with DISCOVER: its lease was lost" : ""}`,
      proof: [
        "No client asks several times within half a second. The requests had waited in the server's queue while it did not run: it was stopped, or kept waiting by its disk or by other programs.",
      ],
      open: [
        "For how long it stood still: the log has the times at which it went on, not those at which the requests came.",
      ],
      remedies: [load.relieveHost, load.protectServer],
    });
  }

  #repeated({ who, repeated, repetitions }: ServedClient, anew: boolean): void {
    const [first] = repeated;
    const last = repeated.at(-1);
    if (first === undefined || last === undefined) return;
    const open: readonly Cause[] = ["offload-partial", "checksum-bad", "not-delivered", "wrong-reply"];
    // A client that is restarted or told to renew again and again looks the same until it loses its lease.
    const severity: Severity = anew ? "error" : "note";
    const seconds = secondsBetweenPlaces(first, last);
    const within = seconds === null || seconds < 1 ? "" : ` within ${duration(seconds)}`;
    this.found({
      code: "reply-ignored",
      severity,
      confidence: anew ? "likely" : "possible",
      alternatives: open,
      who,
      evidence: repeated,
      from: first,
      to: last,
      summary: `the server answered ${count(repetitions + 1, "request")} of this client${within}, and it asked again each time${anew ? ", until it began anew with DISCOVER: its lease was lost" : ""}`,
      proof: [
        "A client that takes an answer asks again after T1, not much sooner. So these answers left the server's program in time, and the client did not take them.",
      ],
      open: [
        "Whether the answers reached the client, and with which checksum: a server's log ends where the packet leaves it. When all looks well here and the client loses its lease all the same, sums left to the hardware are the first thing to look for.",
      ],
      remedies: [pickCapture, checksum.fillOnHost],
    });
  }

  #ignored({ who, ignored, remark }: ServedClient, anew: boolean): void {
    const [first] = ignored;
    const last = ignored.at(-1);
    if (first === undefined || last === undefined) return;
    this.found({
      code: "no-reply",
      severity: anew ? "error" : "warning",
      confidence: "certain",
      alternatives: [],
      who,
      evidence: ignored,
      from: first,
      to: last,
      summary: `the server left ${count(ignored.length, "request")} of this client unanswered on purpose`,
      proof: [
        `It says so itself: "${remark}". It does not know the lease, and a server that is not authoritative for the network stays silent then (RFC 2131 section 4.3.2).`,
      ],
      open: [
        "Why it does not know the lease: a lease file that was lost or is older than the lease, or another server that granted it.",
      ],
      remedies: [server.authoritative, network.oneServer],
    });
  }
}

function forget(client: ServedClient): void {
  client.answered = 0;
  client.longest = 0;
  client.previous = null;
  client.repeated = [];
  client.repetitions = 0;
  client.queued = 0;
  client.ignored = [];
  client.waiting = null;
}
