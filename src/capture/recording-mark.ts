/** Which file of which recording a section belongs to, as a comment of its header says. */
export interface RecordingMark {
  /** The same in all files of one recording, and in no other. */
  readonly id: string;
  /** From 1 on, in the order in which they were written. */
  readonly file: number;
}

const MARK = /^leasetap recording ([0-9a-f]{16}), file ([1-9]\d{0,9})$/;

/** Null for a comment that is just a comment. */
export function parseRecordingMark(comment: string): RecordingMark | null {
  const [, id, file] = MARK.exec(comment) ?? [];
  return id === undefined ? null : { id, file: Number(file) };
}

export function recordingMarkText({ id, file }: RecordingMark): string {
  return `leasetap recording ${id}, file ${file}`;
}
