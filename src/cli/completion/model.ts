import type { Argument, Command, Option } from "commander";
import { pageOf } from "../command-page.js";
import { placeholder } from "../misuse.js";

/** What can stand where a value is expected. */
export type Values =
  | { readonly kind: "words"; readonly words: readonly string[] }
  | { readonly kind: "files" | "folders" | "interfaces" }
  | { readonly kind: "anything" };

export interface CompletedOption {
  /** As typed: "--json", "-V". */
  readonly names: readonly string[];
  readonly description: string;
  /** Null: it takes none. */
  readonly value: { readonly name: string; readonly values: Values } | null;
}

export interface CompletedArgument {
  readonly name: string;
  readonly values: Values;
  /** The last one of a command may be given again and again. */
  readonly variadic: boolean;
}

/** What a shell has to know of a command, from the definitions in ../program.ts. */
export interface CompletedCommand {
  readonly name: string;
  readonly summary: string;
  readonly options: readonly CompletedOption[];
  readonly arguments: readonly CompletedArgument[];
}

export interface CompletedProgram {
  readonly name: string;
  /** Those that stand before a command; most of them may stand behind it too. */
  readonly options: readonly CompletedOption[];
  readonly commands: readonly CompletedCommand[];
}

export async function completedProgram(program: Command): Promise<CompletedProgram> {
  const help = program.createHelp();
  const globals = program.options.filter(({ hidden }) => !hidden);
  return {
    name: program.name(),
    options: visibleOptions(program).map(completedOption),
    commands: await Promise.all(help.visibleCommands(program).map((command) => completedCommand(command, globals))),
  };
}

async function completedCommand(command: Command, globals: readonly Option[]): Promise<CompletedCommand> {
  const everywhere = globals.filter(({ long }) => long !== "--version");
  const completedArgument = async (argument: Argument): Promise<CompletedArgument> => {
    const name = argument.name();
    const offered = argument.argChoices ?? (await pageOf(command).offers?.[name]?.());
    return { name, values: valuesOf(name, offered), variadic: argument.variadic };
  };
  return {
    name: command.name(),
    summary: command.summary(),
    options: [...visibleOptions(command), ...everywhere].map(completedOption),
    arguments: await Promise.all(command.registeredArguments.map(completedArgument)),
  };
}

/** Those of the command itself, with its --help. */
export function visibleOptions(command: Command): Option[] {
  return command.createHelp().visibleOptions(command);
}

function completedOption(option: Option): CompletedOption {
  const names = [option.short, option.long].filter((name) => name !== undefined);
  const name = placeholder(option);
  const takesValue = option.required || option.optional;
  return {
    names,
    description: option.description,
    value: takesValue ? { name, values: valuesOf(name, option.argChoices) } : null,
  };
}

/** Where no words are given, the name that help shows for a value tells what it is. */
function valuesOf(name: string, words: readonly string[] | undefined): Values {
  if (words !== undefined) return { kind: "words", words };
  switch (name) {
    case "FILE":
      return { kind: "files" };
    case "DIR":
      return { kind: "folders" };
    case "INTERFACE":
    case "IFACE":
      return { kind: "interfaces" };
    default:
      return { kind: "anything" };
  }
}
