import type { Pattern, Verdict } from "../checksum/checksum.js";
import type { Cause } from "../findings/cause.js";
import type { NoteCode } from "../findings/finding.js";
import type { Remedy } from "../findings/remedies.js";
import type { HostCode } from "../host/judgement.js";

/** What is no code of a finding and has a page all the same. */
export type Topic =
  "lease-time" | "check" | "names" | "collisions" | "card-messages" | "conntrack" | "damage" | "confidence";

/** Everything that `leasetap explain` has a page for, remedies aside. */
export type Code = Cause | NoteCode | Verdict | Pattern | Topic | HostCode;

/**
 * A piece of text. A string is a paragraph. All of it is plain ASCII: pages are read on terminals that have nothing else.
 * Codes of other pages are written as they are, so that a reader can type them.
 */
export type Block =
  | string
  | { readonly list: readonly string[] }
  | { readonly table: { readonly head: readonly string[]; readonly rows: readonly (readonly string[])[] } };

/** The reasoning done on frames of a recording that comes with the source. */
export interface Example {
  /** Below the project's folder. */
  readonly capture: string;
  readonly says: string;
  /** Sums and differences as they are worked out on paper; each line stands alone. */
  readonly lines: readonly string[];
  readonly so: string;
}

export interface Source {
  readonly text: string;
  /** null for what stands in a source tree or has no lasting address. */
  readonly url: string | null;
}

/** One code: what it is, how it is told, what else looks like it, what to do, and where that is known from. */
export interface Page {
  /** Goes on from the code: begins in lower case, without a full stop. */
  readonly title: string;
  readonly what: readonly Block[];
  /** Empty for what is no judgement. */
  readonly recognised: readonly Block[];
  readonly example: Example | null;
  readonly mistaken: readonly Block[];
  readonly todo: readonly Block[];
  readonly remedies: readonly Remedy[];
  readonly sources: readonly Source[];
}
