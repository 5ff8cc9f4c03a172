import type { LogFact, Topic } from "./fact.js";
import { ClientLog } from "./client-log.js";
import { DumpReader } from "./dump.js";
import type { LogFinding } from "./finding.js";
import { judgeCycle } from "./judge-client.js";
import { DumpedSums } from "./judge-dump.js";
import { LineReader } from "./line.js";
import { merged } from "./merge.js";
import type { Place } from "./place.js";
import { Recognition } from "./recognise.js";
import { ServerLog } from "./server-log.js";
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

/** More clients than any log of a guest or a host has. */
const MOST_CLIENTS = 10_000;

/** Takes the lines of one log in their order, and says what they prove. Allocates little for lines of other subjects. */
export class LogInspector {
  readonly #lines: LineReader;
  readonly #recognition = new Recognition();
  readonly #dump = new DumpReader();
  readonly #sums = new DumpedSums();
  readonly #clients = new Map<string, ClientLog>();
  readonly #servers = new Map<string, ServerLog>();
  /** The client that a process speaks of, where its lines name no interface. */
  readonly #spoke = new Map<string, ClientLog>();
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
    this.#lines = new LineReader(new StampReader(stamps));
  }

  /** @param raw a line without its end */
  line(raw: string): void {
    const line = this.#lines.read(raw);
    this.#count = line.number;
    const place: Place = { input: this.input, line: line.number, stamp: line.stamp };
    const datagram = this.#dump.read(raw);
    if (datagram !== null) {
      this.#tell(place, "tcpdump");
      this.#sums.take(datagram, place);
      return;
    }
    const recognised = this.#recognition.recognise(line);
    if (recognised === null) return;
    const { fact, device, program } = recognised;
    this.#tell(place, program);
    if (fact.kind === "remark") this.#remark(fact.topic, place);
    else if (program !== null && SERVERS.has(program)) this.#server(line.host, program, fact, place);
    else if (program !== null) this.#client(line.host, line.pid, program, device)?.take(fact, place);
  }

  finish(): LogInspection {
    for (const client of this.#clients.values()) client.finish();
    for (const server of this.#servers.values()) server.finish();
    const clients = [...this.#clients.values()];
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
    if (program !== null) this.#programs.add(program);
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
      if (this.#servers.size >= MOST_CLIENTS) return;
      server = new ServerLog(host, program, (finding) => this.#findings.push(finding));
      this.#servers.set(key, server);
    }
    if (fact.kind === "served") server.served(fact, place);
    else if (fact.kind === "counted") server.counted(fact, place);
  }

  #client(host: string | null, pid: string | null, program: string, device: string | null): ClientLog | null {
    const process = `${host ?? ""} ${program} ${pid ?? ""}`;
    const spoke = this.#spoke.get(process);
    if (device === null && spoke !== undefined) return spoke;
    const key = `${host ?? ""} ${program} ${device ?? ""}`;
    let client = this.#clients.get(key);
    if (client === undefined && spoke?.device === null) {
      // What a process said before it named its interface was about that one.
      client = spoke;
      client.device = device;
      this.#clients.delete(`${host ?? ""} ${program} `);
      this.#clients.set(key, client);
    }
    if (client === undefined) {
      if (this.#clients.size >= MOST_CLIENTS) return null;
      client = new ClientLog(host, program, device, (cycle, of) => {
        const finding = judgeCycle(cycle, of);
        if (finding !== null && this.#findings.length < MOST_FINDINGS) this.#findings.push(finding);
      });
      this.#clients.set(key, client);
    }
    if (this.#spoke.size < MOST_CLIENTS) this.#spoke.set(process, client);
    return client;
  }
}

const SERVERS: ReadonlySet<string> = new Set(["dhcpd", "dnsmasq", "kea", "udhcpd"]);
const MOST_REMARKS = 200;
const MOST_FINDINGS = 100_000;
