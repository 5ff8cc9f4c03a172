import type { Finding } from "./finding.js";

/** What a finding says, in plain text without control characters. */
export interface Description {
  /** One sentence. */
  readonly summary: string;
  readonly detail: string;
}

export function describe(finding: Finding): Description {
  return { summary: finding.code, detail: "" };
}
