import { printable } from "./printable.js";

/** The world around the program is not as needed: no such file, no permission. The message says what to do. */
export class EnvironmentError extends Error {
  /** Always this, across copies of the package too. */
  override readonly name = "EnvironmentError";
  /** The system's own code where it gave one ("ENOENT", "EACCES" …). */
  readonly code: string;

  /**
   * @param code the system's own code, or one in its manner
   * @param sentence what is wrong and what to do; no control characters
   * @param cause what it was noticed by
   * @throws nothing
   */
  constructor(code: string, sentence: string, cause?: unknown) {
    super(sentence, { cause });
    this.code = code;
  }
}

/**
 * What to throw for an error of the file system: an EnvironmentError that names the input. Anything that does not come
 * from the system is a mistake of ours, and is given back as it is.
 */
export function inputError(error: unknown, path: string): Error {
  if (!(error instanceof Error)) return new Error(String(error));
  const code = codeOf(error);
  if (error instanceof EnvironmentError || code === null) return error;
  return new EnvironmentError(code, inputSentence(code, inputName(path)), error);
}

/** The system's word for what is wrong ("ENOENT"); null: it is none of the system's. */
export function codeOf(error: unknown): string | null {
  return error instanceof Error && "code" in error && typeof error.code === "string" ? error.code : null;
}

/** How a sentence calls an input. */
export function inputName(path: string): string {
  return path === "-" ? "Standard input" : `"${printable(path)}"`;
}

function inputSentence(code: string, name: string): string {
  switch (code) {
    case "ENOENT":
      return `${name} does not exist: check the path.`;
    case "ENOTDIR":
      return `${name} does not exist: a part of its path is a file, not a directory.`;
    case "EACCES":
    case "EPERM":
      return `${name} may not be read by this user: change its permissions, or run as a user who may read it.`;
    case "EAGAIN":
      return `${name} has nothing to read now, and is not waited for: it is a device or a file of the kernel's.`;
    case "EISDIR":
      return `${name} is a directory: name the capture files in it.`;
    case "EMFILE":
    case "ENFILE":
      return `${name} cannot be opened, too many files are open: raise the limit (ulimit -n).`;
    case "EIO":
      return `${name} cannot be read, its disk or server reports an error: copy it to a sound place first.`;
    default:
      return `${name} cannot be read: the system says ${printable(code)}.`;
  }
}
