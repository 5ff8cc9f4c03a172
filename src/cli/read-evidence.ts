import { resolve } from "node:path";
import type { Compression } from "../capture/compression.js";
import type { Damage } from "../capture/sink.js";
import { allWitnesses } from "../evidence/all-witnesses.js";
import { LeaseFileWitnesses } from "../evidence/lease-file-witnesses.js";
import { LogWitnesses } from "../evidence/log-witnesses.js";
import { Recorder, type Transcript } from "../evidence/transcript.js";
import type { Witnesses } from "../findings/testimony.js";
import type { LeaseHistory } from "../lease/lease-history.js";
import { FiledLeases } from "../lease-files/history.js";
import { readLeaseFile } from "../lease-files/read-lease-file.js";
import { lastWritten, readLines, type LinesEnd } from "../logs/read-lines.js";
import { SaidReader } from "../logs/said.js";
import { StampReader } from "../logs/stamp.js";
import type { LogBeside } from "../report/json.js";
import { localZone, type Zone } from "../report/zone.js";

/** What is known beside the packets. */
export interface Evidence {
  readonly history: LeaseHistory | undefined;
  readonly witnesses: Witnesses | undefined;
  /** How the logs lie beside the packets; known once the packets were judged. */
  logs(): LogBeside[];
}

export interface EvidenceOptions {
  readonly leases?: readonly string[];
  readonly log?: readonly string[];
  readonly year?: number;
  /** By whose clock stamps are that say no zone; without it, that of this machine. */
  readonly zone?: Zone;
  /** Where relative paths begin; else the working directory. */
  readonly folder?: string;
}

/** @throws EnvironmentError if a file cannot be read, or is no lease file or log */
export async function readEvidence(options: EvidenceOptions): Promise<Evidence> {
  const at = (path: string): string =>
    options.folder === undefined || path === "-" ? path : resolve(options.folder, path);
  const files = (options.leases ?? []).map((path) => ({ ...readLeaseFile(at(path)), path }));
  const logs: ReadLog[] = [];
  for (const path of new Set(options.log ?? [])) logs.push(await readTranscript(path, at(path), options));
  const said = new LogWitnesses(logs.map(({ transcript }) => transcript));
  return {
    history: files.length === 0 ? undefined : new FiledLeases(files),
    witnesses: files.length + logs.length === 0 ? undefined : allWitnesses([said, new LeaseFileWitnesses(files)]),
    logs: () =>
      logs.map(({ transcript, ...log }) => {
        const placed = said.placed.find(({ input }) => input === transcript.input) ?? null;
        return { ...log, input: transcript.input, placed };
      }),
  };
}

interface ReadLog {
  readonly transcript: Transcript;
  readonly lines: number;
  readonly telling: number;
  readonly compression: Compression | null;
  readonly damage: Damage | null;
}

async function readTranscript(name: string, path: string, { year, zone }: EvidenceOptions): Promise<ReadLog> {
  let [compression, damage]: [Compression | null, Damage | null] = [null, null];
  let [lines, telling] = [0, 0];
  const written = lastWritten(path);
  const reader = new SaidReader(name, new StampReader({ year: year ?? null, zone: zone ?? localZone(), written }));
  const recorder = new Recorder(name);
  const ended: LinesEnd = (...told) => {
    [compression, damage] = told;
  };
  for await (const raw of readLines(path, ended)) {
    const { place, said } = reader.read(raw);
    lines += 1;
    if (place.stamp !== null) recorder.stamp(place.stamp);
    if (said === null) continue;
    telling += 1;
    recorder.said(said);
  }
  return { transcript: recorder.finish(), lines, telling, compression, damage };
}
