import type { CompletedArgument, CompletedCommand, CompletedOption, CompletedProgram, Values } from "./model.js";

/** A function for zsh's own completion system, to be put into a folder of $fpath as _leasetap, or sourced after compinit. */
export function zshCompletion({ name, options, commands }: CompletedProgram): string {
  return `#compdef ${name}
# zsh completion for ${name}, made by "${name} completion zsh"

_${name}() {
  local curcontext="$curcontext" context state state_descr line
  typeset -A opt_args
  _arguments -s -S -C \\
${options.map((option) => `    ${optionSpec(option)} \\`).join("\n")}
    '1: :->command' \\
    '*::: :->arguments'
  case $state in
    command)
      local -a commands=(
${commands.map((command) => `        ${quoted(`${command.name}:${command.summary}`)}`).join("\n")}
      )
      _describe -t commands '${name} command' commands
      ;;
    arguments)
      # _arguments takes the first word for the name of the command.
      words=("$line[1]" "$words[@]")
      (( CURRENT += 1 ))
      case $line[1] in
${commands.map(commandCase).join("\n")}
      esac
      ;;
  esac
}

if [[ $funcstack[1] == _${name} ]]; then
  _${name} "$@"
else
  compdef _${name} ${name}
fi
`;
}

function commandCase(command: CompletedCommand): string {
  const specs = [
    ...command.options.map(optionSpec),
    ...command.arguments.map((argument, index) => argumentSpec(argument, index)),
  ];
  return `        ${command.name})
          _arguments -s -S \\
${specs.map((spec) => `            ${spec}`).join(" \\\n")}
          ;;`;
}

function optionSpec({ names, description, value }: CompletedOption): string {
  const action = value === null ? "" : `:${inSpec(value.name)}:${actionOf(value.values)}`;
  const text = `[${description.replaceAll(/[[\]\\]/g, "\\$&")}]${action}`;
  const specs = names.map((name) => quoted(`${name}${value !== null && name.startsWith("--") ? "=" : ""}${text}`));
  const [only = ""] = specs;
  return specs.length === 1 ? only : specs.map((spec) => `${quoted(`(${names.join(" ")})`)}${spec}`).join(" ");
}

function argumentSpec({ name, values, variadic }: CompletedArgument, index: number): string {
  return quoted(`${variadic ? "*" : String(index + 1)}:${inSpec(name)}:${actionOf(values)}`);
}

function actionOf(values: Values): string {
  switch (values.kind) {
    case "words":
      return `(${values.words.map(inSpec).join(" ")})`;
    case "files":
      return "_files";
    case "folders":
      return "_files -/";
    case "interfaces":
      return "($(ls /sys/class/net 2>/dev/null))";
    case "anything":
      return " ";
  }
}

/** Colons part the fields of a specification. */
function inSpec(text: string): string {
  return text.replaceAll(/[:\\]/g, "\\$&");
}

function quoted(text: string): string {
  return `'${text.replaceAll("'", "'\\''")}'`;
}
