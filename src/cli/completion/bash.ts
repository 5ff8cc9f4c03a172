import type { CompletedArgument, CompletedCommand, CompletedOption, CompletedProgram, Values } from "./model.js";

/** A script for bash 4 and newer; it needs nothing of the package bash-completion. */
export function bashCompletion(program: CompletedProgram): string {
  const { name, options, commands } = program;
  const contexts: CompletedCommand[] = [{ name: "", summary: "", options, arguments: [] }, ...commands];
  const valued = contexts.flatMap((context) => context.options.map((option) => ({ context, option })));
  const flags = contexts.map((context) => flagCase(context));
  const positions = commands.flatMap((command) =>
    command.arguments.map((argument, index) => positionCase(command.name, argument, index)),
  );
  return `# bash completion for ${name}, made by "${name} completion bash"

_${name}() {
  local cur=\${COMP_WORDS[COMP_CWORD]} prev=\${COMP_WORDS[COMP_CWORD-1]}
  local command= position=0 literal= i word
  # --option=value is three words here: bash splits at =.
  if [[ $cur == "=" ]]; then
    cur=
  elif [[ $prev == "=" ]]; then
    prev=\${COMP_WORDS[COMP_CWORD-2]}
  fi
  for ((i = 1; i < COMP_CWORD; i++)); do
    word=\${COMP_WORDS[i]}
    if [[ -z $literal && $word == -- ]]; then
      literal=1
    elif [[ -z $literal && $word == -?* ]]; then
      case "$command $word" in
${valued.flatMap(({ context, option }) => skipCase(context.name, option)).join("\n")}
      esac
    elif [[ -z $command ]]; then
      command=$word
    else
      position=$((position + 1))
    fi
  done
  COMPREPLY=()
  if [[ -z $literal ]]; then
    case "$command $prev" in
${valued.flatMap(({ context, option }) => valueCase(context.name, option)).join("\n")}
    esac
    if [[ $cur == -* ]]; then
      case $command in
${flags.join("\n")}
      esac
      return
    fi
  fi
  if [[ -z $command ]]; then
    ${wordsReply(commands.map((command) => command.name))}
    return
  fi
  case "$command $position" in
${positions.join("\n")}
  esac
}

complete -F _${name} ${name}
`;
}

/** Options whose value is the next word. */
function skipCase(command: string, { names, value }: CompletedOption): string[] {
  if (value === null) return [];
  const skip = `if [[ \${COMP_WORDS[i+1]} == "=" ]]; then i=$((i + 2)); else i=$((i + 1)); fi ;;`;
  return [`        ${patterns(command, names)}) ${skip}`];
}

function valueCase(command: string, { names, value }: CompletedOption): string[] {
  return value === null ? [] : [`      ${patterns(command, names)}) ${reply(value.values)}; return ;;`];
}

function flagCase({ name, options }: CompletedCommand): string {
  return `        "${name}") ${wordsReply(options.flatMap(({ names }) => names))} ;;`;
}

function positionCase(command: string, { values, variadic }: CompletedArgument, index: number): string {
  return `    "${command} "${variadic ? "*" : String(index)}) ${reply(values)} ;;`;
}

function patterns(command: string, names: readonly string[]): string {
  return names.map((name) => `"${command} ${name}"`).join("|");
}

function reply(values: Values): string {
  switch (values.kind) {
    case "words":
      return wordsReply(values.words);
    case "files":
      return 'compopt -o filenames; mapfile -t COMPREPLY < <(compgen -f -- "$cur")';
    case "folders":
      return 'compopt -o filenames; mapfile -t COMPREPLY < <(compgen -d -- "$cur")';
    case "interfaces":
      return 'mapfile -t COMPREPLY < <(compgen -W "$(ls /sys/class/net 2>/dev/null)" -- "$cur")';
    case "anything":
      return ":";
  }
}

function wordsReply(words: readonly string[]): string {
  return `mapfile -t COMPREPLY < <(compgen -W "${words.join(" ")}" -- "$cur")`;
}
