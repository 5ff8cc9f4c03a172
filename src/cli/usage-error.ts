/** The command was used in a way that cannot be carried out; the message says how it can. */
export class UsageError extends Error {
  override readonly name = "UsageError";
}
