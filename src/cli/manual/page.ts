import type { Argument, Command, Option } from "commander";
import { VERSION } from "../../version.js";
import { pageOf, type Example } from "../command-page.js";
import { visibleOptions } from "../completion/model.js";
import { placeholder } from "../misuse.js";
import { argument, bold, italic, roff } from "./roff.js";

/** The manual page, for the macros of man(7): made from the definitions in ../program.ts. */
export function manualPage(program: Command): string {
  const name = program.name();
  const commands = program.createHelp().visibleCommands(program);
  return [
    `.\\" Made by "${name} man" from the definitions of its commands.`,
    `.TH ${name.toUpperCase()} 1 "" ${argument(`${name} ${VERSION}`)} "User Commands"`,
    ".SH NAME",
    `${roff(name)} \\- explain why virtual machines lose their DHCP leases`,
    ".SH SYNOPSIS",
    ...commands.flatMap((command, index) => [...(index === 0 ? [] : [".br"]), synopsis(command)]),
    ".SH DESCRIPTION",
    roff(program.description()),
    ...ABOUT.flatMap((paragraph) => [".PP", roff(paragraph)]),
    ".SH COMMANDS",
    ...commands.flatMap(commandSection),
    ".SH OPTIONS",
    "These stand before a command or behind it.",
    ...visibleOptions(program).flatMap(optionEntry),
    ".SH EXIT STATUS",
    ...exitEntries(program),
    ".SH ENVIRONMENT",
    ...ENVIRONMENT.flatMap(([names, meaning]) => entry(names.map(bold).join(", "), meaning)),
    ".SH EXAMPLES",
    // A section begins with a paragraph of its own.
    ...pageOf(program).examples.flatMap(exampleEntry).slice(1),
    ".SH SEE ALSO",
    SEE_ALSO.map((page) => `.BR ${page} (${PAGES[page]})`).join(" ,\n"),
    "",
  ].join("\n");
}

const ABOUT = [
  "It decodes UDP and DHCP, recomputes every checksum, follows each lease from T1 and T2 to its expiry, and takes as proof only what the client did next. So it tells apart a reply that was on the wire and was thrown away, because checksum offload left its checksum partial, from a server that did not answer, or too late, or refused, and from a client that never asked.",
  "Capture where the port of the guest is, if possible: on its tap, replies show the checksum that the guest will get. The bridge is the second best place.",
];

const ENVIRONMENT: readonly (readonly [readonly string[], string])[] = [
  [["COLUMNS"], "The width of the report where standard output is no terminal; else 80."],
  [["NO_COLOR"], "If it is set and not empty: no colour on a terminal."],
  [["FORCE_COLOR"], "If it is set: colour even where standard output is no terminal; 0 or false: no colour."],
  [["LC_ALL", "LC_CTYPE", "LANG"], "The first that is set says by its UTF-8 whether the report may go beyond ASCII."],
];

const PAGES = { dhclient: 8, ethtool: 8, iptables: 8, tcpdump: 8, "pcap-filter": 7 } as const;
const SEE_ALSO = ["tcpdump", "pcap-filter", "dhclient", "ethtool", "iptables"] as const;

function synopsis(command: Command): string {
  const path = bold(`${command.parent?.name() ?? ""} ${command.name()}`);
  const options = command.options.length === 0 ? "" : ` [${italic("OPTION")}]...`;
  const operands = command.registeredArguments.map((operand) => ` ${operandText(operand)}`).join("");
  return path + options + operands;
}

function operandText(operand: Argument): string {
  const name = italic(operand.name());
  return (operand.required ? name : `[${name}]`) + (operand.variadic ? "..." : "");
}

function commandSection(command: Command): string[] {
  const { notes = [], examples, exits } = pageOf(command);
  const lines = [`.SS ${argument(command.name())}`, roff(command.description())];
  for (const operand of command.registeredArguments) {
    const text = withChoices(operand.description, operand.argChoices);
    lines.push(...entry(operandText(operand), text + fallback(operand)));
  }
  lines.push(...command.options.flatMap(optionEntry));
  lines.push(...notes.flatMap((note) => [".PP", roff(note)]));
  if (exits.length > 0) lines.push(".PP", "Exit status:", ...exitEntries(command));
  if (examples.length > 0) lines.push(".PP", "Examples:", ...examples.flatMap(exampleEntry));
  return lines;
}

function optionEntry(option: Option): string[] {
  const value = option.required || option.optional ? ` ${italic(placeholder(option))}` : "";
  const names = [option.short, option.long].filter((name) => name !== undefined).map(bold);
  return entry(names.join(", ") + value, withChoices(option.description, option.argChoices) + fallback(option));
}

/** What holds where an option or operand is not given, and it has a default that can be told. */
function fallback({ defaultValue, defaultValueDescription }: Fallback): string {
  const value: unknown = defaultValueDescription ?? defaultValue;
  const words: readonly unknown[] = Array.isArray(value) ? value : [value];
  const told = words.every((word) => typeof word === "string") && words.length > 0;
  return told ? ` If it is not given: ${words.join(" ")}.` : "";
}

interface Fallback {
  readonly defaultValue?: unknown;
  readonly defaultValueDescription?: string | undefined;
}

function withChoices(description: string, choices: readonly string[] | undefined): string {
  const sentence = `${description.slice(0, 1).toUpperCase()}${description.slice(1)}.`;
  return choices === undefined ? sentence : `${sentence} One of ${choices.join(", ")}.`;
}

function exitEntries(command: Command): string[] {
  return pageOf(command).exits.flatMap(([code, meaning]) => entry(bold(String(code)), meaning));
}

function exampleEntry({ does, line }: Example): string[] {
  return [".PP", `${roff(does)}:`, ".PP", ".RS 4", ".nf", bold(line), ".fi", ".RE"];
}

/** @param tag already in roff */
function entry(tag: string, text: string): string[] {
  return [".TP", tag, roff(text)];
}
