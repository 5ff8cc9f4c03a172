import type { CompletedCommand, CompletedOption, CompletedProgram, Values } from "./model.js";

/** A file for ~/.config/fish/completions; fish 3.0 or newer. */
export function fishCompletion({ name, options, commands }: CompletedProgram): string {
  const lines = [`# fish completion for ${name}, made by "${name} completion fish"`, "", `complete -c ${name} -f`];
  lines.push(...options.map((option) => optionLine(name, "__fish_use_subcommand", option)));
  for (const command of commands) {
    lines.push("", `complete -c ${name} -n __fish_use_subcommand -a ${command.name} -d ${quoted(command.summary)}`);
    lines.push(...commandLines(name, command));
  }
  return `${lines.join("\n")}\n`;
}

function commandLines(name: string, command: CompletedCommand): string[] {
  const here = `__fish_seen_subcommand_from ${command.name}`;
  const lines = command.options.map((option) => optionLine(name, here, option));
  for (const { values } of command.arguments) {
    if (values.kind !== "anything") lines.push(`complete -c ${name} -n ${quoted(here)} ${candidates(values)}`);
  }
  return lines;
}

function optionLine(program: string, condition: string, { names, description, value }: CompletedOption): string {
  const flags = names.map((name) => (name.startsWith("--") ? `-l ${name.slice(2)}` : `-s ${name.slice(1)}`));
  const parts = [`complete -c ${program} -n ${quoted(condition)}`, ...flags];
  if (value !== null) parts.push(value.values.kind === "anything" ? "-x" : `-r ${candidates(value.values)}`);
  return [...parts, `-d ${quoted(description)}`].join(" ");
}

function candidates(values: Exclude<Values, { kind: "anything" }>): string {
  switch (values.kind) {
    case "words":
      return `-f -a ${quoted(values.words.join(" "))}`;
    case "files":
      return "-F";
    case "folders":
      return "-f -a '(__fish_complete_directories)'";
    case "interfaces":
      return "-f -a '(ls /sys/class/net 2>/dev/null)'";
  }
}

function quoted(text: string): string {
  return `'${text.replaceAll(/['\\]/g, "\\$&")}'`;
}
