import type { Language } from "./language.ts";
import { BOOLEANS, HOLES, line, verbatim, words } from "./quotes.ts";

/** Azure's language of resources: `param model string = 'gpt-4o'`, `resource x 'type@version' = { … }`. */
export const BICEP: Language = {
  name: "bicep",
  extensions: ["bicep", "bicepparam"],
  lineComments: ["//"],
  blockComments: [{ open: "/*", close: "*/" }],
  quotes: [verbatim("'''"), line("'", { holes: HOLES.dollar })],
  braces: "object",
  keywords: words("param var output targetScope existing in for if using import metadata"),
  headers: new Set(),
  declarations: new Set(),
  constants: BOOLEANS,
  joins: [],
  lineEnds: "operand",
  ternary: true,
  nameFirst: true,
  imports: { strings: ["using", "import"] },
};
