import { readdirSync } from "node:fs";
import { join } from "node:path";
import { analyze } from "../../src/analyze.js";
import type { Cause } from "../../src/findings/cause.js";
import type { Diagnosis } from "../../src/findings/diagnose.js";
import type { Finding, LossFinding, NoteCode, NoteFinding } from "../../src/findings/finding.js";
import type { Findings } from "../../src/report/json.js";
import { bindingOf, Clients } from "../../src/lease/clients.js";
import { messageOf } from "../../src/lease/message.js";
import { decodeEthernet } from "../../src/wire/decode.js";
import { reply } from "../wire/packets.js";
import type { Binding } from "../../src/lease/cycle.js";
import type { Instant } from "../../src/capture/instant.js";

export async function examine(...paths: string[]): Promise<Findings> {
  return analyze(paths, { keepFrames: false, keepHealthy: false });
}

/** Capture files below a folder, as paths. */
export function capturesIn(folder: string): string[] {
  return readdirSync(folder, { recursive: true, encoding: "utf8" })
    .filter((path) => /\.(pcap|pcapng)(\.gz)?$/.test(path))
    .map((path) => join(folder, path))
    .sort();
}

/** All codes; the record makes the compiler ask for one that is missing. */
const CAUSES: Readonly<Record<Cause, true>> = {
  "offload-partial": true,
  "checksum-bad": true,
  "checksum-rejected": true,
  "request-partial": true,
  "request-bad": true,
  "no-reply": true,
  "late-reply": true,
  nak: true,
  "unicast-blocked": true,
  "wrong-reply": true,
  "not-delivered": true,
  "port-unreachable": true,
  "reply-ignored": true,
  "no-request": true,
};
const NOTES: Readonly<Record<NoteCode, true>> = {
  "partial-seen": true,
  blind: true,
  "two-servers": true,
  "duplicate-address": true,
  "odd-timers": true,
  malformed: true,
  "fragment-overlap": true,
  flood: true,
  "clock-step": true,
  "clock-offset": true,
  "filled-on-the-way": true,
  gap: true,
  drops: true,
  limit: true,
};

const moment: Instant = { seconds: 1_795_345_310, nanos: 0, digits: 6 };

/** A client with nothing known of it but its name and hardware address. */
export function bindingNamed(name: string | null, address = "52:54:00:00:00:01"): Binding {
  const bytes = reply();
  const message = messageOf({
    point: { id: 0, input: "made.pcap", interface: null },
    frameNumber: 1,
    instant: moment,
    stamp: moment,
    checksum: { verdict: "good", stored: 1, expected: 1, pattern: null },
    frame: decodeEthernet(bytes, bytes.length),
    message: null,
  });
  const client = message === null ? null : new Clients({ forgotten: () => undefined }).findOrAdd(message);
  if (client === null || message === null) throw new Error("the frame that stands for a client is none");
  return { ...bindingOf(client, message), name, client: { ...client, address } };
}

export function emptyLoss(code: Cause, confidence: Finding["confidence"]): LossFinding {
  const binding = bindingNamed(null);
  return {
    kind: "loss",
    id: "F1",
    code,
    severity: "error",
    confidence,
    alternatives: confidence === "possible" ? ["reply-ignored"] : [],
    evidence: [],
    from: moment,
    to: moment,
    binding,
    diagnoses: [emptyDiagnosis(binding)],
    lines: [],
  };
}

/** An attempt to get a lease of which nothing is known. */
function emptyDiagnosis(binding: Binding): Diagnosis {
  return {
    cycle: {
      kind: "acquisition",
      formerServer: null,
      id: "A1",
      binding,
      started: moment,
      ended: null,
      attempts: [],
      waiting: [],
      turnedDown: false,
      dropped: 0,
      accepted: null,
      blind: false,
      from: "INIT",
      outcome: "failed",
      address: null,
    },
    lost: [],
    causes: new Map(),
    main: null,
    said: [],
    untimed: new Map(),
  };
}

export function emptyNote(code: NoteCode): NoteFinding {
  return {
    kind: "note",
    id: "F1",
    code,
    severity: "note",
    confidence: "certain",
    alternatives: [],
    evidence: [],
    from: moment,
    to: moment,
    binding: null,
    server: null,
    count: 1,
    step: null,
    clock: null,
  };
}

/** One finding of each code and confidence, with nothing in it. */
export function everyFinding(): Finding[] {
  const causes = keysOf(CAUSES);
  const confidences = ["certain", "likely", "possible"] as const;
  return [
    ...causes.flatMap((code) => confidences.map((confidence) => emptyLoss(code, confidence))),
    ...keysOf(NOTES).map(emptyNote),
  ];
}

function keysOf<K extends string>(record: Readonly<Record<K, true>>): K[] {
  const isKey = (key: string): key is K => key in record;
  return Object.keys(record).filter(isKey);
}
