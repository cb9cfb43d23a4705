/**
 * Completion scripts for each shell. All three do the same: find the command that the words so far have come to, then complete
 * a value of the option before, or a command, an option or an argument of that command.
 *
 * @module
 */
import type { CompletableOption, Place, Values } from "./completable.ts";

/** The text of a script, by shell. */
export const SCRIPTS: Readonly<Record<"bash" | "zsh" | "fish", (places: Place[]) => string>> = {
  bash: bashScript,
  zsh: zshScript,
  fish: fishScript,
};

/** A text in single quotes, as bash and zsh have them. */
function quoted(text: string): string {
  return `'${text.replaceAll("'", "'\\''")}'`;
}

/** Patterns for `case` of what leads from one command to another: `' bench'|'trace info'`. */
function stepPatterns(places: readonly Place[]): string {
  const steps = places.flatMap(({ path, commands }) =>
    commands.map(({ name }) => `${path} ${name}`)
  );
  return steps.map(quoted).join("|");
}

/** In what a script for bash differs from one for zsh. */
interface Dialect {
  /** The array of words, the index of the first after the program, and that of the one to complete. */
  readonly words: string;
  readonly first: number;
  readonly current: string;
  /** Completes values. */
  values(values: Values): string;
  /** For each command: completes what may follow it. */
  readonly branches: readonly string[];
}

/** What bash and zsh read alike: which command the words have come to, then what may follow there. */
function walk(
  places: readonly Place[],
  { words, first, current, values, branches }: Dialect,
): string {
  const word = `\${${words}[i]}`;
  return `  for ((i = ${first}; i < ${current}; i++)); do
    case "$at ${word}" in
      ${stepPatterns(places)}) at="\${at:+$at }${word}" ;;
    esac
  done
  case "$at:$before" in
${valueBranches(places, values).join("\n")}
  esac
  case "$at" in
${branches.join("\n")}
  esac`;
}

/** A branch for each option that takes a value, found by command and flag. */
function valueBranches(
  places: readonly Place[],
  body: (values: Values) => string,
): string[] {
  return places.flatMap(({ path, options }) =>
    options.flatMap(({ flags, values }) => {
      if (values === null) return [];
      const pattern = flags.map((flag) => quoted(`${path}:${flag}`)).join("|");
      return [`    ${pattern}) ${body(values)}; return ;;`];
    })
  );
}

function flagsOf(options: readonly CompletableOption[]): string[] {
  return options.flatMap(({ flags }) => flags);
}

function bashScript(places: readonly Place[]): string {
  const values = ({ words, files }: Values) =>
    `_mempool_bench_words ${quoted(words.join(" "))}${files ? "; _mempool_bench_files" : ""}`;
  const branches = places.map(({ path, commands, options, operands }) => {
    const words = [...commands.map(({ name }) => name), ...operands.words];
    return `    ${quoted(path)})
      if [[ $cur == -* ]]; then _mempool_bench_words ${quoted(flagsOf(options).join(" "))}
      else ${values({ ...operands, words })}; fi ;;`;
  });
  return `# bash completion for mempool-bench
_mempool_bench_words() {
  COMPREPLY+=($(compgen -W "$1" -- "$cur"))
}
_mempool_bench_files() {
  local IFS=$'\\n'
  COMPREPLY+=($(compgen -f -- "$cur"))
  compopt -o filenames 2>/dev/null
}
_mempool_bench() {
  local cur="\${COMP_WORDS[COMP_CWORD]}" before="\${COMP_WORDS[COMP_CWORD-1]}" at='' i
  COMPREPLY=()
  # --option=value is three words here.
  if [[ $cur == = ]]; then cur=''
  elif [[ $before == = ]]; then before="\${COMP_WORDS[COMP_CWORD-2]}"
  fi
${walk(places, { words: "COMP_WORDS", first: 1, current: "COMP_CWORD", values, branches })}
}
complete -F _mempool_bench mempool-bench
`;
}

function zshScript(places: readonly Place[]): string {
  const values = ({ words, files }: Values) =>
    [
      ...(words.length > 0 ? [`compadd -- ${words.map(quoted).join(" ")}`] : []),
      ...(files ? ["_files"] : []),
    ].join("; ") || ":";
  const described = (name: string, summary: string) =>
    quoted(`${name.replaceAll(":", "\\:")}:${summary}`);
  const branches = places.map(({ path, commands, options, operands }) => {
    const flags = options.flatMap((option) =>
      option.flags.map((flag) => described(flag, option.summary))
    );
    const names = commands.map(({ name, summary }) => described(name, summary));
    const others = names.length > 0
      ? `rows=(${names.join(" ")}); _describe command rows`
      : values(operands);
    return `    ${quoted(path)})
      if [[ $cur == -* ]]; then rows=(${flags.join(" ")}); _describe -o option rows
      else ${others}; fi ;;`;
  });
  return `#compdef mempool-bench
_mempool_bench() {
  local cur="\${words[CURRENT]}" before="\${words[CURRENT-1]}" at='' i
  local -a rows
  if [[ $cur == --*=* ]]; then
    before="\${cur%%=*}"
    compset -P '*='
  fi
${walk(places, { words: "words", first: 2, current: "CURRENT", values, branches })}
}
if [[ "\${funcstack[1]}" == _mempool_bench ]]; then _mempool_bench "$@"
else compdef _mempool_bench mempool-bench
fi
`;
}

/** A text in single quotes, as fish has them. */
function fishQuoted(text: string): string {
  return `'${text.replaceAll("\\", "\\\\").replaceAll("'", "\\'")}'`;
}

function fishScript(places: readonly Place[]): string {
  const steps = places.flatMap(({ path, commands }) =>
    commands.map(({ name }) => fishQuoted(`${path} ${name}`))
  );
  return `# fish completion for mempool-bench
function __mempool_bench_at
  set -l at ''
  for word in (commandline -opc)[2..-1]
    switch "$at $word"
      case ${steps.join(" ")}
        set at (string trim -- "$at $word")
    end
  end
  test "$at" = "$argv[1]"
end
complete -c mempool-bench -f
${places.flatMap(fishLines).join("\n")}
`;
}

function fishLines({ path, commands, options, operands }: Place): string[] {
  const lead = `complete -c mempool-bench -n ${
    fishQuoted(`__mempool_bench_at ${fishQuoted(path)}`)
  }`;
  return [
    ...commands.map(({ name, summary }) => `${lead} -a ${name} -d ${fishQuoted(summary)}`),
    ...options.map(({ flags, summary, values }) =>
      [lead, ...flags.map(fishFlag), ...fishValues(values, true), `-d ${fishQuoted(summary)}`]
        .join(" ")
    ),
    ...(operands.words.length > 0 || operands.files
      ? [[lead, ...fishValues(operands, false)].join(" ")]
      : []),
  ];
}

function fishFlag(flag: string): string {
  return flag.startsWith("--") ? `-l ${flag.slice(2)}` : `-s ${flag.slice(1)}`;
}

/** `-x`: a value must follow, which is no file; `-r` and `-F`: which may be one, in spite of the `-f` above. */
function fishValues(values: Values | null, isOption: boolean): string[] {
  if (values === null) return [];
  const { words, files } = values;
  const mode = files ? ["-r", "-F"] : ["-x"];
  return [
    ...(isOption ? mode : mode.filter((flag) => flag === "-F")),
    ...(words.length > 0 ? [`-a ${fishQuoted(words.join(" "))}`] : []),
  ];
}
