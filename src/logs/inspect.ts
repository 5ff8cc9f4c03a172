import type { LogFact, Topic } from "./fact.js";
import { ClientLog } from "./client-log.js";
import { DumpReader } from "./dump.js";
import type { LogFinding } from "./finding.js";
import { judgeCycle } from "./judge-client.js";
import { DumpedSums } from "./judge-dump.js";
import { merged } from "./merge.js";
import type { Place } from "./place.js";
import { SaidReader, SERVERS } from "./said.js";
import { ServerLog } from "./server-log.js";
import { Speakers } from "./speakers.js";
import { StampReader, type StampOptions } from "./stamp.js";

/** What a log came to. */
export interface LogInspection {
  readonly input: string;
  readonly lines: number;
  /** Lines that say something of DHCP. */
  readonly telling: number;
  readonly first: Place | null;
  readonly last: Place | null;
  readonly programs: readonly string[];
  readonly clients: number;
  readonly renewed: number;
  readonly acquired: number;
  /** Requests that servers in this log answered. */
  readonly answered: number;
  /** Datagrams that lines of tcpdump show. */
  readonly dumped: number;
  readonly findings: readonly LogFinding[];
  readonly remarks: ReadonlyMap<Topic, readonly Place[]>;
}

/** Kernel messages may stand under any name. */
const MOST_PROGRAMS = 100;
/** Servers whose lines are told apart. */
const MOST_SERVERS = 1000;

/** Takes the lines of one log in their order, and says what they prove. Allocates little for lines of other subjects. */
export class LogInspector {
  readonly #lines: SaidReader;
  readonly #dump = new DumpReader();
  readonly #sums = new DumpedSums();
  readonly #clients = new Speakers(
    (host, program, device) =>
      new ClientLog(host, program, device, (cycle, of) => {
        const finding = judgeCycle(cycle, of);
        if (finding !== null && this.#findings.length < MOST_FINDINGS) this.#findings.push(finding);
      }),
  );
  readonly #servers = new Map<string, ServerLog>();
  readonly #programs = new Set<string>();
  readonly #remarks = new Map<Topic, Place[]>();
  readonly #findings: LogFinding[] = [];
  #count = 0;
  #telling = 0;
  #first: Place | null = null;
  #last: Place | null = null;

  constructor(
    private readonly input: string,
    stamps: StampOptions,
  ) {
    this.#lines = new SaidReader(input, new StampReader(stamps));
  }

  /** @param raw a line without its end */
  line(raw: string): void {
    const { place, said } = this.#lines.read(raw);
    this.#count = place.line;
    const datagram = this.#dump.read(raw);
    if (datagram !== null) {
      this.#tell(place, "tcpdump");
      this.#sums.take(datagram, place);
      return;
    }
    if (said === null) return;
    const { fact, device, program, host, pid } = said;
    this.#tell(place, program);
    if (fact.kind === "remark") this.#remark(fact.topic, place);
    else if (program !== null && SERVERS.has(program)) this.#server(host, program, fact, place);
    else if (program !== null) this.#clients.of(host, pid, program, device)?.take(fact, place);
  }

  finish(): LogInspection {
    const clients = this.#clients.all();
    for (const client of clients) client.finish();
    for (const server of this.#servers.values()) server.finish();
    const servers = [...this.#servers.values()];
    const sum = (numbers: readonly number[]): number => numbers.reduce((a, b) => a + b, 0);
    return {
      input: this.input,
      lines: this.#count,
      telling: this.#telling,
      first: this.#first,
      last: this.#last,
      programs: [...this.#programs],
      clients: clients.length + sum(servers.map((server) => server.clients)),
      renewed: sum(clients.map(({ renewed }) => renewed)),
      acquired: sum(clients.map(({ acquired }) => acquired)),
      answered: sum(servers.map(({ answered }) => answered)),
      dumped: this.#sums.total,
      findings: [...merged(this.#findings), ...this.#sums.findings()],
      remarks: this.#remarks,
    };
  }

  #tell(place: Place, program: string | null): void {
    this.#telling += 1;
    this.#first ??= place;
    this.#last = place;
    if (program !== null && this.#programs.size < MOST_PROGRAMS) this.#programs.add(program);
  }

  #remark(topic: Topic, place: Place): void {
    const places = this.#remarks.get(topic);
    if (places === undefined) this.#remarks.set(topic, [place]);
    else if (places.length < MOST_REMARKS) places.push(place);
  }

  #server(host: string | null, program: string, fact: LogFact, place: Place): void {
    const key = `${host ?? ""} ${program}`;
    let server = this.#servers.get(key);
    if (server === undefined) {
      if (this.#servers.size >= MOST_SERVERS) return;
      server = new ServerLog(host, program, (finding) => this.#findings.push(finding));
      this.#servers.set(key, server);
    }
    if (fact.kind === "served") server.served(fact, place);
    else if (fact.kind === "counted") server.counted(fact, place);
  }
}

const MOST_REMARKS = 200;
const MOST_FINDINGS = 100_000;
