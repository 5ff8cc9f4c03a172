import { existsSync } from "node:fs";
import type { Command, CommanderError, Option } from "commander";
import { similar } from "./similar.js";
import { UsageError } from "./usage-error.js";

/**
 * What commander found wrong with a command line, as one sentence that says what to write instead. Help and version,
 * which commander ends the same way, are given back as they are.
 *
 * @param command where it was found
 */
export function misuse(error: CommanderError, command: Command): Error {
  const sentence = sentenceOf(error, command);
  return sentence === null ? error : new UsageError(sentence);
}

function sentenceOf({ code, message }: CommanderError, command: Command): string | null {
  switch (code) {
    case "commander.help":
    case "commander.helpDisplayed":
    case "commander.version":
      return null;
    case "commander.unknownOption":
      return unknownOption(quotedIn(message), command);
    case "commander.unknownCommand":
      return unknownCommand(command.args, rootOf(command));
    case "commander.optionMissingArgument":
      return missingValue(message, command);
    case "commander.invalidArgument":
      return invalidValue(message, command);
    case "commander.missingArgument":
      return missingArgument(quotedIn(message), command);
    case "commander.excessArguments":
      return excessArguments(command);
    case "commander.conflictingOption":
      return exclusive(message);
    default:
      return `${message.replace(/^error: /, "").replace(/\.$/, "")}.`;
  }
}

function unknownOption(flag: string, command: Command): string {
  const [name = flag, value] = flag.split(/=(.*)/s);
  const root = rootOf(command);
  const known = [...command.options, ...root.options];
  if (value !== undefined && known.some((option) => isCalled(option, name))) return `${name} takes no value.`;
  const owners = root.commands.filter(({ options }) => options.some((option) => isCalled(option, name)));
  const meant = similar(name, [...namesOfOptions(known), "--help"]);
  if (command !== root) {
    const none = `${command.name()} has no option ${shown(name)}`;
    if (owners.length > 0) return `${none}: that is one of ${either(owners.map((owner) => owner.name()))}.`;
    return `${none}: ${meantOrHelp(meant, command)}`;
  }
  const owner = owners.find((candidate) => command.args.includes(candidate.name())) ?? owners[0];
  if (owner !== undefined) return `${name} is an option of ${owner.name()}: ${callWith(owner, command.args)}`;
  const others = similar(name, namesOfOptions(root.commands.flatMap(({ options }) => options)));
  return `there is no option ${shown(name)}: ${meantOrHelp(meant.length > 0 ? meant : others, command)}`;
}

/** The commonest slip is a capture where the command should be. */
function unknownCommand(words: readonly string[], root: Command): string {
  const [word = ""] = words;
  const none = `there is no command ${shown(word)}`;
  const meant = similar(word, namesOf(root));
  const analyze = root.commands.find((command) => command.name() === "analyze");
  if (analyze !== undefined && (word === "-" || existsSync(word) || (meant.length === 0 && CAPTURE_NAME.test(word)))) {
    return `${none}; to analyze a capture: ${callWith(analyze, words)}`;
  }
  return `${none}: ${meantOrHelp(meant, root)}`;
}

/** Names that look like a path or a capture's, whether the file exists or not. */
const CAPTURE_NAME = /\/|\.(pcap|pcapng|cap|dmp|gz)\d*$/i;

/** What follows "COMMAND is unknown:", for commands that take the name of another. */
export function unknownCommandName(name: string, root: Command): string {
  return `there is no command ${shown(name)}: ${meantOrHelp(similar(name, namesOf(root)), root)}`;
}

function missingValue(message: string, command: Command): string {
  const option = optionIn(message, command);
  if (option === null) return `${quotedIn(message)} needs a value.`;
  const { long, argChoices } = option;
  const values = argChoices === undefined ? "" : `: ${either(argChoices)}`;
  return `${long ?? option.flags} needs ${article(placeholder(option))} ${placeholder(option)}${values}.`;
}

function invalidValue(message: string, command: Command): string {
  const value = / '(.*)' is invalid/s.exec(message.replace(/^error: (option '[^']*')?/, ""))?.[1] ?? "";
  const option = optionIn(message, command);
  const argument = option === null ? command.registeredArguments.find(({ argChoices }) => argChoices) : undefined;
  const choices = option?.argChoices ?? argument?.argChoices;
  const taker = option === null ? command.name() : (option.long ?? option.flags);
  if (choices === undefined) return `${taker} does not take ${shown(value)}.`;
  const [meant, ...others] = similar(value, choices);
  const guess = meant === undefined || others.length > 0 ? "" : ` Did you mean ${meant}?`;
  return `${taker} does not take ${shown(value)}, only ${either(choices)}.${guess}`;
}

function missingArgument(name: string, command: Command): string {
  const choices = command.registeredArguments.find((argument) => argument.name() === name)?.argChoices;
  return `${command.name()} needs ${article(name)} ${name}: ${choices === undefined ? helpOf(command) : `${either(choices)}.`}`;
}

function excessArguments(command: Command): string {
  const most = command.registeredArguments.length;
  const extra = command.args.slice(most).map(shown).join(" ");
  return `${command.name()} takes ${["no argument", "one argument", "two arguments"][most] ?? `${most} arguments`}; ${extra} is too much.`;
}

function exclusive(message: string): string {
  const options = [...message.matchAll(/option '(?:-\w, )?(--[\w-]+)/g)].map(([, long = ""]) => long);
  return `${options.join(" and ")} exclude each other: give one of them.`;
}

/** Ends a sentence that says what is not known. */
function meantOrHelp(meant: readonly string[], command: Command): string {
  return meant.length === 0 ? helpOf(command) : `did you mean ${either(meant)}?`;
}

function helpOf(command: Command): string {
  return `${callOf(command)} --help says what there is.`;
}

/** @throws UsageError if an option was given the name of another one for its value: its own was forgotten */
export function refuseOptionsAsValues(command: Command): void {
  const options = [...command.options, ...rootOf(command).options];
  const names = new Set(options.flatMap(({ short, long }) => [short, long]));
  for (const option of command.options) {
    const value: unknown = command.getOptionValue(option.attributeName());
    if (typeof value !== "string" || !names.has(value)) continue;
    throw new UsageError(
      `${option.long ?? option.flags} needs ${article(placeholder(option))} ${placeholder(option)}, and ${value} is an option.`,
    );
  }
}

function namesOfOptions(options: readonly Option[]): string[] {
  return options.flatMap(({ long, hidden }) => (long === undefined || hidden ? [] : [long]));
}

function isCalled({ short, long }: Option, name: string): boolean {
  return short === name || long === name;
}

function optionIn(message: string, command: Command): Option | null {
  const options = [...command.options, ...rootOf(command).options];
  return options.find(({ flags }) => message.startsWith(`error: option '${flags}'`)) ?? null;
}

/** How the usage calls the value of an option. */
export function placeholder({ flags }: Option): string {
  return /[<[](.*?)(?:\.{3})?[>\]]/.exec(flags)?.[1] ?? "value";
}

function quotedIn(message: string): string {
  return /'(.*)'/s.exec(message)?.[1] ?? "";
}

function namesOf(root: Command): string[] {
  return root
    .createHelp()
    .visibleCommands(root)
    .flatMap((command) => [command.name(), ...command.aliases()]);
}

function rootOf(command: Command): Command {
  return command.parent === null ? command : rootOf(command.parent);
}

/** What a user types to call it. */
function callOf(command: Command): string {
  return command.parent === null ? command.name() : `${callOf(command.parent)} ${command.name()}`;
}

/** @param words what was typed; the command's own name may be among them */
function callWith(command: Command, words: readonly string[]): string {
  const at = words.indexOf(command.name());
  return [callOf(command), ...words.filter((_, index) => index !== at).map(forShell)].join(" ");
}

/** A word as a POSIX shell takes it, quoted only if it must be. */
function forShell(word: string): string {
  return /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`;
}

function article(name: string): string {
  return /^[AEIO]/.test(name) ? "an" : "a";
}

function shown(word: string): string {
  return /^[\w./:=-]+$/.test(word) ? word : JSON.stringify(word);
}

function either(words: readonly string[]): string {
  if (words.length < 2) return words.join("");
  return `${words.slice(0, -1).join(", ")} or ${words.at(-1) ?? ""}`;
}
