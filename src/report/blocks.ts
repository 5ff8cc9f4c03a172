import type { Severity } from "../findings/cause.js";
import type { Timeline } from "./timeline.js";

/**
 * What a report says, in order, before it is laid out for a terminal or a page. Texts may hold the marks around the
 * words of strangers (`findings/prose/foreign-text.ts`), and `GLUE` where no line may end.
 */
export type Block =
  /** The answer in one line. */
  | { readonly kind: "summary"; readonly text: string; readonly well: boolean }
  /** What was looked at. */
  | { readonly kind: "input"; readonly text: string }
  /** What could not be looked at. */
  | { readonly kind: "damage"; readonly label: string; readonly text: string }
  /** Whom the following is about. */
  | { readonly kind: "client"; readonly severity: Severity; readonly parts: readonly string[] }
  /** What happened. */
  | { readonly kind: "account"; readonly text: string }
  | { readonly kind: "timeline"; readonly timeline: Timeline }
  | { readonly kind: "labelled"; readonly label: Label; readonly text: string }
  /** To be typed as it stands, but for names in capitals; without a label it belongs to the one before it. */
  | { readonly kind: "command"; readonly label: Label | null; readonly command: string }
  /** More of the label before it. */
  | { readonly kind: "more"; readonly text: string }
  /** Others that fared the same, a line each. */
  | { readonly kind: "others"; readonly text: string; readonly items: readonly string[]; readonly rest: string | null }
  | { readonly kind: "note"; readonly text: string }
  /** The title of a list of attempts; `listed` follow. */
  | { readonly kind: "list"; readonly text: string }
  | { readonly kind: "listed"; readonly indent: number; readonly text: string };

export type Label =
  "Why" | "Not" | "Open" | "See" | "Host" | "Look" | "Fix" | "Or" | "Then" | "Undo" | "Check" | "More";

/** A space at which no line ends: no-break space, which the text of strangers never holds unescaped. */
export const GLUE = "\u00a0";
