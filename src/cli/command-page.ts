import type { Command } from "commander";
import type { ExitCode } from "./exit-codes.js";

/** A command line as an operator would type it. */
export interface Example {
  /** What it is good for, in a phrase. */
  readonly does: string;
  readonly line: string;
  /**
   * A folder of recordings in which it runs as it stands, and the exit code that it ends with there; null where no
   * recording can stand for what it needs.
   */
  readonly recorded: { readonly folder: string; readonly ends: ExitCode } | null;
}

/** What help, manual and completion say of a command beyond its arguments and options. */
export interface CommandPage {
  /** Paragraphs about the use of the command, for what no single option says. */
  readonly notes?: readonly string[];
  readonly examples: readonly Example[];
  /** What each exit code says after this command. */
  readonly exits: readonly (readonly [ExitCode, string])[];
  /** Words that completion offers for an argument that takes others too, by the argument's name. */
  readonly offers?: Readonly<Record<string, () => Promise<readonly string[]>>>;
}

const NO_PAGE: CommandPage = { examples: [], exits: [] };

const pages = new WeakMap<Command, CommandPage>();

/** Gives a command its page, which its help then shows. */
export function withPage(command: Command, page: CommandPage): Command {
  pages.set(command, page);
  return command.addHelpText("after", () => helpText(command, page));
}

/** The page that a command was given; an empty one for a command without. */
export function pageOf(command: Command): CommandPage {
  return pages.get(command) ?? NO_PAGE;
}

function helpText(command: Command, { notes = [], examples, exits }: CommandPage): string {
  const help = command.createHelp();
  const width = command.configureOutput().getOutHelpWidth?.() ?? WIDTH;
  const lines = [""];
  for (const note of notes) lines.push(help.boxWrap(note, width), "");
  if (examples.length > 0) lines.push("Examples:");
  for (const { does, line } of examples) {
    const comment = help.boxWrap(does, width - COMMENT.length).split("\n");
    lines.push(...comment.map((words) => `${COMMENT}${words}`), `  ${line}`, "");
  }
  if (exits.length > 0) lines.push("Exit codes:");
  const widest = Math.max(...exits.map(([code]) => String(code).length));
  for (const [code, meaning] of exits) {
    const [first = "", ...rest] = help.boxWrap(meaning, width - widest - 4).split("\n");
    lines.push(`  ${String(code).padStart(widest)}  ${first}`, ...rest.map((more) => " ".repeat(widest + 4) + more));
  }
  return lines.join("\n").trimEnd();
}

const COMMENT = "  # ";

/** Columns where nothing is known of the screen. */
const WIDTH = 80;
