import type { LogFact } from "../logs/fact.js";
import type { Said } from "../logs/said.js";
import { SERVERS } from "../logs/said.js";
import { Speakers, type Speaker } from "../logs/speakers.js";
import type { Stamp } from "../logs/stamp.js";
import type { Kind } from "../lease/message.js";
import type { LogPoint } from "./align.js";

/** A line with a stamp. */
export interface Statement {
  readonly line: number;
  /** Seconds since 1970 by the clock of the log. */
  readonly time: number;
  readonly fact: LogFact;
}

/** A line that is about one message. */
export interface MessageLine extends LogPoint, Statement {}

/** What one client says of itself. */
export interface ClientTranscript extends Speaker {
  hardware: string | null;
  readonly statements: Statement[];
  readonly messages: MessageLine[];
}

/** What one server says of all clients. */
export interface ServerTranscript {
  readonly program: string;
  readonly statements: Statement[];
  readonly messages: MessageLine[];
}

/** One log, sorted by who speaks. */
export interface Transcript {
  readonly input: string;
  readonly clients: readonly ClientTranscript[];
  readonly servers: readonly ServerTranscript[];
  /** Stamps of its first and last line, seconds since 1970; NaN: it has none. */
  readonly first: number;
  readonly last: number;
  /** Its stamps have days; else they count from the first of 1970. */
  readonly dated: boolean;
}

/** Lines about DHCP that are kept of one log. */
const MOST_SAID = 200_000;

/** Takes what the lines of one log say, in their order. */
export class Recorder {
  readonly #clients = new Speakers<ClientTranscript>((host, program, device) => ({
    ...{ host, program, device, hardware: null, statements: [], messages: [] },
  }));
  readonly #servers = new Map<string, ServerTranscript>();
  #first = NaN;
  #last = NaN;
  #dated = true;
  #kept = 0;

  constructor(private readonly input: string) {}

  /** Any line has a stamp that shows until when the log was written. */
  stamp({ time, dated }: Stamp): void {
    if (Number.isNaN(this.#first)) this.#first = time;
    this.#last = time;
    this.#dated &&= dated;
  }

  said({ place, fact, device, program, host, pid, xid }: Said): void {
    if (place.stamp === null || program === null || this.#kept >= MOST_SAID) return;
    this.#kept += 1;
    const statement: Statement = { line: place.line, time: place.stamp.time, fact };
    if (SERVERS.has(program)) {
      const server = this.#server(`${host ?? ""} ${program}`, program);
      server.statements.push(statement);
      if (fact.kind === "served") {
        server.messages.push({ ...statement, kind: fact.message, client: fact.client, address: fact.address, xid });
      }
      return;
    }
    const client = this.#clients.of(host, pid, program, device);
    if (client === null) return;
    if (fact.kind === "interface") client.hardware = fact.hardware ?? client.hardware;
    client.statements.push(statement);
    const kind = kindOf(fact);
    if (kind !== null) client.messages.push({ ...statement, kind, client: null, address: addressOf(fact), xid });
  }

  finish(): Transcript {
    const clients = this.#clients.all();
    for (const client of clients) dropEchoes(client);
    const servers = [...this.#servers.values()];
    return { input: this.input, clients, servers, first: this.#first, last: this.#last, dated: this.#dated };
  }

  #server(key: string, program: string): ServerTranscript {
    const server = this.#servers.get(key) ?? { program, statements: [], messages: [] };
    this.#servers.set(key, server);
    return server;
  }
}

function kindOf(fact: LogFact): Kind | null {
  switch (fact.kind) {
    case "sent":
    case "received":
      return fact.message;
    case "bound":
      return "ACK";
    case "renewing":
      return "REQUEST";
    default:
      return null;
  }
}

function addressOf(fact: LogFact): number | null {
  return fact.kind === "sent" || fact.kind === "received" || fact.kind === "bound" || fact.kind === "renewing"
    ? fact.address
    : null;
}

/** Where a program tells of each ACK, that it is bound says the same again; so does that it goes about what it then sends. */
function dropEchoes(client: ClientTranscript): void {
  const { messages } = client;
  const tells = (kind: LogFact["kind"], message: Kind): boolean =>
    messages.some(({ fact, kind: of }) => fact.kind === kind && of === message);
  const [acks, requests] = [tells("received", "ACK"), tells("sent", "REQUEST")];
  const kept = messages.filter(
    ({ fact }) => !((fact.kind === "bound" && acks) || (fact.kind === "renewing" && requests)),
  );
  messages.splice(0, messages.length, ...kept);
}
