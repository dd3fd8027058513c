/** A tool as a file defines it. */
export interface DefinedTool {
  readonly name: string;
  readonly description: string;
  /** Everything that a model or a caller sees of it beside name and description, canonical. */
  readonly schema: string;
  readonly line: number;
}

/** The names under which a tool's parameters stand. */
export const SCHEMA_KEY =
  /^(?:parameters|input_?schema|inputSchema|output_?schema|outputSchema|schema|args_?schema|argsSchema|params|paramsSchema|json_?schema|toolSpec|annotations|arguments)$/;

/** Whether a text can be the name a model calls a tool by. */
export function isToolName(name: string): boolean {
  return /^(?!(?:null|None|undefined)$)[A-Za-z_][A-Za-z0-9_.:/ -]{0,127}$/.test(name);
}
