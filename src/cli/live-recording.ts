import { Recorder } from "../capture/recording/recorder.js";
import { RecordingFolder } from "../capture/recording/folder.js";
import { RecordingSink } from "../capture/recording/recording-sink.js";
import type { FrameSink } from "../capture/sink.js";
import { VERSION } from "../version.js";
import { MOST_FILE_AGE, MOST_FILE_SIZE, MOST_TOTAL, type LiveOptions } from "./live-command.js";
import { UsageError } from "./usage-error.js";

const PROGRAM = `leasetap ${VERSION}`;
/** Files that a total has room for at least: of fewer, little is left when the oldest is deleted. */
const LEAST_FILES = 4;

/** What --write asks for. */
export interface LiveRecording {
  readonly recorder: Recorder;
  /** Hands on what comes, and records it. */
  tee(sink: FrameSink): FrameSink;
}

/**
 * @param tell takes sentences for the operator
 * @returns null where nothing is to be recorded
 * @throws UsageError; EnvironmentError if nothing can be recorded there
 */
export async function recordingOf(
  options: LiveOptions,
  tell: (sentence: string) => void,
): Promise<LiveRecording | null> {
  const { write, writeFileSize, writeFileAge = MOST_FILE_AGE, writeTotal: total = MOST_TOTAL } = options;
  if (write === undefined) {
    const limits = [writeFileSize, options.writeFileAge, options.writeTotal];
    if (limits.every((limit) => limit === undefined)) return null;
    throw new UsageError("--write-file-size, --write-file-age and --write-total need --write, with a directory.");
  }
  const most = Math.floor(total / LEAST_FILES);
  if (writeFileSize !== undefined && writeFileSize > most) {
    throw new UsageError(`--write-total must have room for ${LEAST_FILES} files of --write-file-size.`);
  }
  const recorder = new Recorder({
    folder: await RecordingFolder.open(write, tell),
    fileSize: writeFileSize ?? Math.min(MOST_FILE_SIZE, most),
    fileAge: writeFileAge,
    total,
    monotonic: () => performance.now() / 1000,
    tell,
  });
  return { recorder, tee: (sink) => new RecordingSink(sink, recorder, PROGRAM) };
}
