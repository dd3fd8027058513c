import type { Hole, Language, Quote } from "./language.ts";
import { regexLiteral } from "./regex-literal.ts";
import type { Scan } from "./scan.ts";
import { Gap } from "./tokens.ts";

function words(list: string): ReadonlySet<string> {
  return new Set(list.trim().split(/\s+/));
}

const BOOLEANS = { true: "boolean", false: "boolean", null: "null" } as const;

/** A quote with C's escapes on one line. */
function line(quote: string, more: Partial<Quote> = {}): Quote {
  return { open: quote, close: quote, multiline: false, escape: "\\", ...more };
}

/** A quote with C's escapes over several lines. */
function lines(quote: string, more: Partial<Quote> = {}): Quote {
  return { open: quote, close: quote, multiline: true, escape: "\\", ...more };
}

const DOLLAR_BRACE: Hole = { open: "${", close: "}" };
const FORMAT: readonly Hole[] = [{ open: "{", close: "}", doubled: true, formats: true }];

const PYTHON_QUOTES = [lines('"""'), lines("'''"), line('"'), line("'")];

function python(more: Partial<Quote>): readonly Quote[] {
  return PYTHON_QUOTES.map((quote) => ({ ...quote, ...more }));
}

const PYTHON: Language = {
  name: "python",
  extensions: ["py", "pyi", "pyw", "pyx", "bzl", "star"],
  lineComments: ["#"],
  quotes: PYTHON_QUOTES,
  prefixes: {
    b: PYTHON_QUOTES,
    u: PYTHON_QUOTES,
    r: python({ decode: "none" }),
    br: python({ decode: "none" }),
    rb: python({ decode: "none" }),
    f: python({ holes: FORMAT }),
    t: python({ holes: FORMAT }),
    fr: python({ holes: FORMAT, decode: "none" }),
    rf: python({ holes: FORMAT, decode: "none" }),
    tr: python({ holes: FORMAT, decode: "none" }),
    rt: python({ holes: FORMAT, decode: "none" }),
  },
  hooks: { "\\": [continuation] },
  braces: "object",
  keywords: words(
    `return yield lambda in is not and or raise assert del pass break continue global nonlocal as await async import from`,
  ),
  headers: words("if elif else for while with try except finally match case"),
  declarations: words("def class"),
  constants: { True: "boolean", False: "boolean", None: "null" },
  joins: ["+"],
  adjacent: true,
  lineEnds: "always",
  tuples: true,
  imports: { words: ["import", "from"] },
  docstrings: true,
};

const JAVASCRIPT: Language = {
  name: "javascript",
  extensions: ["js", "mjs", "cjs", "jsx", "ts", "mts", "cts", "tsx"],
  lineComments: ["//"],
  blockComments: [{ open: "/*", close: "*/" }],
  quotes: [line('"'), line("'"), lines("`", { holes: [DOLLAR_BRACE] })],
  wordStart: "$",
  wordPart: "$",
  hooks: { "/": [regexLiteral] },
  braces: "javascript",
  keywords: words(
    `return yield await async new typeof delete in of instanceof case default throw let const var
     as satisfies extends implements readonly declare abstract export static public private protected override import from
     break continue keyof infer is asserts`,
  ),
  headers: words("if else for while do try catch finally switch with"),
  declarations: words("function class interface enum namespace"),
  constants: { ...BOOLEANS, undefined: "null" },
  joins: ["+"],
  lineEnds: "operand",
  ternary: true,
  imports: { strings: ["import", "from", "require"] },
};

/** A backslash at the end of a line joins it with the next. */
function continuation(scan: Scan): boolean {
  if (scan.text.charCodeAt(scan.pos + 1) !== 10) return false;
  scan.pos += 2;
  scan.gap |= Gap.space;
  return true;
}

/** Languages by their rows; the first whose extension or file name fits is used. */
export const LANGUAGES: readonly Language[] = [PYTHON, JAVASCRIPT];
