import { pathText, type Step } from "./json.js";

/** An expect.json that cannot be what its author meant. The message begins with the place. */
export class MalformedError extends Error {
  override readonly name = "MalformedError";

  constructor(path: readonly Step[], sentence: string) {
    super(path.length === 0 ? sentence : `${pathText(path)}: ${sentence}`);
  }
}
