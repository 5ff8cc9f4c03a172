import { Help, type HelpConfiguration } from "commander";

/** Columns that a description needs beside its term; with fewer it stands below. */
const LEAST = 20;
const TERM_INDENT = 2;
const SPACER = 2;
const BELOW_INDENT = 6;
const USAGE = "Usage: ";
/** Columns where nothing is known of the screen. */
const WIDTH = 80;

/** Help as commander lays it out, and readable on a narrow screen too. */
export const HELP: HelpConfiguration = {
  showGlobalOptions: true,
  minWidthToWrap: LEAST,

  formatHelp(command, helper) {
    const [usage = "", ...rest] = Help.prototype.formatHelp.call(helper, command, helper).split("\n");
    const words = helper.boxWrap(usage.slice(USAGE.length), (helper.helpWidth ?? WIDTH) - USAGE.length);
    return [USAGE + indented(words, USAGE.length), ...rest].join("\n");
  },

  formatItem(term, termWidth, description, helper) {
    const width = helper.helpWidth ?? WIDTH;
    if (description === "" || width - TERM_INDENT - termWidth - SPACER >= LEAST) {
      return Help.prototype.formatItem.call(helper, term, termWidth, description, helper);
    }
    const below = indented(helper.boxWrap(description, width - BELOW_INDENT), BELOW_INDENT);
    return `${" ".repeat(TERM_INDENT)}${term}\n${" ".repeat(BELOW_INDENT)}${below}`;
  },
};

function indented(text: string, columns: number): string {
  return text.replaceAll("\n", `\n${" ".repeat(columns)}`);
}
