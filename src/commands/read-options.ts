import { type ParseArgsConfig, parseArgs } from "node:util";
import { nearest } from "../governance/nearest.ts";
import { Usage } from "./usage.ts";

type Options = NonNullable<ParseArgsConfig["options"]>;
type Values<T extends Options> = ReturnType<
  typeof parseArgs<{ options: T; strict: true; allowPositionals: false }>
>["values"];

/** Reads a command's options; a wrong one is a usage error of one line that says what to do. */
export function readOptions<const T extends Options>(
  command: string,
  args: readonly string[],
  options: T,
  help = `see countersign ${command} --help`,
): Values<T> {
  return readArguments(command, args, options, 0, help).values;
}

/** The same for a command that takes up to so many arguments which are no options. */
export function readArguments<const T extends Options>(
  command: string,
  args: readonly string[],
  options: T,
  most: number,
  help = `see countersign ${command} --help`,
): { readonly values: Values<T>; readonly positionals: readonly string[] } {
  try {
    const config = { args: [...args], options, strict: true, allowPositionals: most > 0, tokens: true } as const;
    const { values, positionals, tokens } = parseArgs(config);
    const seen = new Set<string>();
    for (const token of tokens) {
      if (token.kind !== "option") continue;
      if (seen.has(token.name) && options[token.name]?.multiple !== true)
        throw new Usage(`--${token.name} is given twice; give it once (${help})`);
      seen.add(token.name);
    }
    const stray = positionals[most];
    if (stray !== undefined) throw new Usage(`unexpected argument ${JSON.stringify(stray)}; ${help}`);
    return { values: values as Values<T>, positionals };
  } catch (fault) {
    if (fault instanceof Usage || !(fault instanceof Error)) throw fault;
    throw new Usage(`${complaint(fault, args, Object.keys(options))}; ${help}`);
  }
}

function complaint(fault: Error & { code?: string }, args: readonly string[], known: readonly string[]): string {
  if (fault.code === "ERR_PARSE_ARGS_UNKNOWN_OPTION") {
    const name = /'(-{1,2}[^']*)'/.exec(fault.message)?.[1] ?? "";
    const near = nearest(name.replace(/^-+/, ""), known);
    return `unknown option ${JSON.stringify(name)}${near === undefined ? "" : `; did you mean --${near}?`}`;
  }
  if (fault.code === "ERR_PARSE_ARGS_UNEXPECTED_POSITIONAL") {
    const stray = /'([^']*)'/.exec(fault.message)?.[1] ?? args[0] ?? "";
    return `unexpected argument ${JSON.stringify(stray)}; expected options only`;
  }
  const name = /'(?:-\w, )?(--[\w-]+)/.exec(fault.message)?.[1];
  if (fault.code === "ERR_PARSE_ARGS_INVALID_OPTION_VALUE" && name !== undefined)
    return /does not take/.test(fault.message) ? `${name} takes no value` : `${name} needs a value`;
  return (fault.message.split("\n")[0] ?? "").replace(/\.$/, "");
}
