import type { CompletedCommand, CompletedOption, CompletedProgram, Values } from "./model.js";

/** A file for ~/.config/fish/completions; fish 3.0 or newer. */
export function fishCompletion(program: CompletedProgram): string {
  const { name, options, commands } = program;
  const none = `__${name}_in`;
  const lines = [`# fish completion for ${name}, made by "${name} completion fish"`, "", ...condition(program)];
  lines.push("", `complete -c ${name} -f`, ...options.map((option) => optionLine(name, none, option)));
  for (const command of commands) {
    lines.push("", `complete -c ${name} -n ${none} -a ${command.name} -d ${quoted(command.summary)}`);
    lines.push(...commandLines(name, command));
  }
  return `${lines.join("\n")}\n`;
}

/** fish's own __fish_use_subcommand takes the value of an option for a command. */
function condition({ name, options }: CompletedProgram): string[] {
  const valued = options.filter(({ value }) => value !== null).flatMap(({ names }) => names);
  return `# Whether that command was typed; without a name: whether none was yet.
function __${name}_in
    set -l words (commandline -opc)
    set -e words[1]
    set -l found
    set -l skip no
    for word in $words
        if test $skip = yes
            set skip no
            continue
        end
        switch $word
            case ${valued.join(" ")}
                set skip yes
            case '-*'
            case '*'
                set found $word
                break
        end
    end
    test "$found" = "$argv[1]"
end`.split("\n");
}

function commandLines(name: string, command: CompletedCommand): string[] {
  const here = `__${name}_in ${command.name}`;
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
