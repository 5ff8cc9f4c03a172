import { readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { createReader } from "../../src/capture/reader.js";

/** A frame on its way into a capture. */
export interface Shot {
  readonly bytes: Uint8Array;
  /** Length on the wire. */
  readonly original: number;
  /** Since 1970; null: without time. */
  readonly seconds: number | null;
  readonly nanos: number;
  /** Interface, where there are several. */
  readonly point: number;
}

export interface Recording {
  readonly name: string;
  readonly bytes: Uint8Array;
  readonly shots: readonly Shot[];
}

/** Larger ones tell the same and take longer. */
const LARGEST = 20_000;
/** Each is at least a header and a record. */
const SMALLEST = 40;

const pcaps = fileURLToPath(new URL("../../pcaps/", import.meta.url));

/** The small recordings of pcaps/, in order of their names. */
export function readCorpus(): Recording[] {
  return readdirSync(pcaps, { recursive: true, encoding: "utf8" })
    .filter((name) => /\.pcap(ng)?$/.test(name))
    .sort()
    .filter((name) => statSync(join(pcaps, name)).size <= LARGEST)
    .map((name) => recording(name, readFileSync(join(pcaps, name))))
    .filter(({ bytes, shots }) => bytes.length >= SMALLEST && shots.length > 0);
}

function recording(name: string, content: Uint8Array): Recording {
  const shots: Shot[] = [];
  const reader = createReader({
    interface: () => undefined,
    observedUntil: () => undefined,
    frame: (bytes, _view, offset, captured, original, seconds, nanos, point) => {
      shots.push({ bytes: bytes.slice(offset, offset + captured), original, seconds, nanos, point });
    },
  });
  reader.feed(content);
  reader.end();
  return { name, bytes: Uint8Array.from(content), shots };
}
