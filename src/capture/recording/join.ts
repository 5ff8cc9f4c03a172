import { dirname } from "node:path";
import type { RecordingMark } from "../recording-mark.js";

/** What this needs to know of an input. */
interface Input {
  readonly name: string;
  readonly path: string;
  readonly further: readonly string[];
  /** Time of its first frame in seconds since 1970; -Infinity: not known. */
  readonly first: number;
  readonly recording: RecordingMark | null;
}

/**
 * Makes one input of the files of each recording, in the order in which they were written: what was followed at the end
 * of one is followed in the next. It is called by its folder, unless another is called so already.
 */
export function joinRecordings<T extends Input>(inputs: readonly T[]): T[] {
  const recordings = new Map<string, T[]>();
  for (const input of inputs) {
    if (input.recording === null) continue;
    const files = recordings.get(input.recording.id) ?? [];
    files.push(input);
    recordings.set(input.recording.id, files);
  }
  const taken = new Set(inputs.map(({ name }) => name));
  return inputs.flatMap((input) => {
    const files = recordings.get(input.recording?.id ?? "") ?? [input];
    if (files[0] !== input) return [];
    return files.length === 1 ? [input] : [joined(files, input, taken)];
  });
}

function joined<T extends Input>(files: readonly T[], named: T, taken: Set<string>): T {
  const inOrder = files.toSorted((a, b) => numberOf(a) - numberOf(b));
  // A copy of one of them would be read twice.
  const different = inOrder.filter((file, index) => index === 0 || numberOf(file) !== numberOf(inOrder[index - 1]));
  const [begin = named, ...others] = different;
  const folder = dirname(begin.name);
  const name = taken.has(folder) ? begin.name : folder;
  taken.add(name);
  // A file without frames has no time to wait for.
  const times = files.flatMap(({ first }) => (first === -Infinity ? [] : [first]));
  const first = times.length === 0 ? -Infinity : Math.min(...times);
  return { ...begin, name, further: others.map(({ path }) => path), first };
}

function numberOf(input: Input | undefined): number {
  return input?.recording?.file ?? 0;
}
