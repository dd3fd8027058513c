import type { Language } from "./language.ts";
import { continuation } from "./language-hooks.ts";
import { BOOLEANS, CHARACTER, HOLES, line, lines, NIL, verbatim, words } from "./quotes.ts";
import { characterOrMark, cppRaw, csharpString, directive, errorDirective, rustRaw, swiftRaw } from "./raw-strings.ts";
import { regexLiteral } from "./regex-literal.ts";

const SLASHES = { lineComments: ["//"], blockComments: [{ open: "/*", close: "*/" }] } as const;
const NESTED = { lineComments: ["//"], blockComments: [{ open: "/*", close: "*/", nests: true }] } as const;

/** Its tokens are those of `javascript.ts`: what a slash or an angle begins is no matter of a row. */
export const JAVASCRIPT: Language = {
  name: "javascript",
  extensions: ["js", "mjs", "cjs", "jsx", "ts", "mts", "cts", "tsx", "es6"],
  interpreters: ["node", "bun", "deno", "tsx", "ts-node"],
  lineComments: [],
  quotes: [],
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
  generics: true,
  ternary: true,
  imports: { strings: ["import", "from", "require"] },
};

export const GO: Language = {
  name: "go",
  extensions: ["go"],
  ...SLASHES,
  quotes: [line('"'), verbatim("`"), CHARACTER],
  braces: "composite",
  keywords: words("return case default range go defer var const import package break continue goto fallthrough chan"),
  headers: words("if else for switch select"),
  declarations: words("func type struct interface"),
  constants: NIL,
  joins: ["+"],
  lineEnds: "operand",
  generics: true,
  nameFirst: true,
  targets: true,
  imports: { strings: ["import"] },
};

export const JAVA: Language = {
  name: "java",
  extensions: ["java"],
  ...SLASHES,
  quotes: [lines('"""', { dedent: true }), line('"'), CHARACTER],
  wordStart: "$",
  wordPart: "$",
  braces: "initializer",
  keywords: words(
    `return yield new case default throw throws instanceof final static public private protected abstract extends
     implements package import break continue synchronized native transient volatile assert permits sealed`,
  ),
  headers: words("if else for while do try catch finally"),
  selectors: words("switch"),
  declarations: words("class interface enum record"),
  constants: BOOLEANS,
  joins: ["+"],
  arms: ["->"],
  lineEnds: "never",
  generics: true,
  ternary: true,
  imports: { words: ["import"] },
};

export const KOTLIN: Language = {
  name: "kotlin",
  extensions: ["kt", "kts"],
  ...NESTED,
  quotes: [
    verbatim('"""', { holes: HOLES.dollar, greedy: true, dedent: true }),
    line('"', { holes: HOLES.dollar }),
    CHARACTER,
  ],
  braces: "block",
  keywords: words(
    `return in is as throw val var const lateinit private public internal protected open override abstract final
     companion data sealed inline suspend out vararg by where package import break continue`,
  ),
  headers: words("else for while do catch finally"),
  selectors: words("when if try"),
  declarations: words("fun class object interface"),
  constants: BOOLEANS,
  joins: ["+"],
  pairs: ["to"],
  arms: ["->"],
  lineEnds: "operand",
  generics: true,
  imports: { words: ["import"] },
};

export const SCALA: Language = {
  name: "scala",
  extensions: ["scala", "sc", "sbt"],
  ...NESTED,
  quotes: [verbatim('"""', { greedy: true, dedent: true }), line('"')],
  hooks: { "'": [characterOrMark] },
  prefixes: {
    s: [verbatim('"""', { greedy: true, dedent: true, holes: HOLES.dollar }), line('"', { holes: HOLES.dollar })],
    f: [verbatim('"""', { greedy: true, dedent: true, holes: HOLES.dollar }), line('"', { holes: HOLES.dollar })],
    raw: [verbatim('"""', { greedy: true, dedent: true, holes: HOLES.dollar }), line('"', { holes: HOLES.dollar })],
  },
  braces: "block",
  keywords: words(
    `return case throw val var new private protected override abstract final implicit lazy sealed extends with
     package import given using yield`,
  ),
  headers: words("else for while do catch finally"),
  selectors: words("match if try"),
  declarations: words("def class object trait enum type"),
  constants: BOOLEANS,
  joins: ["+"],
  pairs: ["->"],
  arms: ["=>"],
  lineEnds: "operand",
  tuples: true,
  imports: { words: ["import"] },
};

export const CSHARP: Language = {
  name: "csharp",
  extensions: ["cs", "csx"],
  ...SLASHES,
  quotes: [line('"'), CHARACTER],
  hooks: { $: [csharpString], "@": [csharpString], '"': [csharpString], "#": [directive] },
  wordStart: "@",
  braces: "initializer",
  keywords: words(
    `return yield new case default throw in is as out ref await async typeof nameof const static readonly public private
     protected internal virtual override abstract sealed partial extern unsafe required params var get set init where
     break continue goto and or not using namespace with`,
  ),
  headers: words("if else for foreach while do try catch finally lock fixed checked unchecked"),
  selectors: words("switch"),
  declarations: words("class interface enum struct record"),
  constants: BOOLEANS,
  joins: ["+"],
  arms: ["=>"],
  lineEnds: "never",
  generics: true,
  ternary: true,
  tuples: true,
  imports: { words: ["using"] },
  attributes: "named",
};

export const RUST: Language = {
  name: "rust",
  extensions: ["rs"],
  ...NESTED,
  quotes: [lines('"')],
  prefixes: { b: [lines('"'), CHARACTER], c: [lines('"')] },
  hooks: { r: [rustRaw], b: [rustRaw], c: [rustRaw], "'": [characterOrMark] },
  wordEnd: "!",
  braces: "expression",
  keywords: words(
    "return let mut const static pub ref move in as where dyn async await unsafe use extern type crate break continue",
  ),
  headers: words("else for while loop"),
  selectors: words("match if"),
  declarations: words("fn struct enum trait impl mod union"),
  constants: BOOLEANS,
  joins: ["+"],
  arms: ["=>"],
  lineEnds: "never",
  generics: true,
  tuples: true,
  imports: { words: ["use"] },
  attributes: "left-out",
};

export const SWIFT: Language = {
  name: "swift",
  extensions: ["swift"],
  ...NESTED,
  quotes: [lines('"""', { holes: HOLES.swift, dedent: true }), line('"', { holes: HOLES.swift })],
  hooks: { "#": [swiftRaw] },
  braces: "block",
  keywords: words(
    `return in is as throw throws let var static private public internal fileprivate open override final lazy weak
     inout mutating case default async await try where import break continue`,
  ),
  headers: words("else for while repeat do catch guard defer"),
  selectors: words("switch if"),
  declarations: words("func class struct enum protocol extension actor"),
  constants: NIL,
  joins: ["+"],
  lineEnds: "operand",
  generics: true,
  ternary: true,
  tuples: true,
  imports: { words: ["import"] },
};

export const C: Language = {
  name: "c",
  extensions: ["c", "h", "cc", "cpp", "cxx", "c++", "hpp", "hh", "hxx", "ino", "cu", "cuh", "m", "mm"],
  ...SLASHES,
  quotes: [line('"'), CHARACTER],
  prefixes: { l: [line('"'), CHARACTER], u: [line('"'), CHARACTER], u8: [line('"'), CHARACTER] },
  hooks: { R: [cppRaw], L: [cppRaw], u: [cppRaw], U: [cppRaw], "\\": [continuation], "#": [errorDirective] },
  digitSeparator: "'",
  braces: "composite",
  keywords: words(
    `return new delete case default throw const static extern inline constexpr auto register volatile typedef sizeof using
     public private protected virtual override final noexcept explicit friend mutable operator template typename goto break continue`,
  ),
  headers: words("if else for while do switch try catch"),
  declarations: words("class struct enum namespace union"),
  constants: { ...BOOLEANS, nullptr: "null", NULL: "null" },
  joins: [],
  adjacent: true,
  dots: ["->"],
  lineEnds: "never",
  generics: true,
  ternary: true,
  directives: true,
  imports: { strings: ["include"] },
};

export const DART: Language = {
  name: "dart",
  extensions: ["dart"],
  ...NESTED,
  quotes: [
    lines('"""', { holes: HOLES.dollar }),
    lines("'''", { holes: HOLES.dollar }),
    line('"', { holes: HOLES.dollar }),
    line("'", { holes: HOLES.dollar }),
  ],
  prefixes: {
    r: [verbatim('"""'), verbatim("'''"), verbatim('"', { multiline: false }), verbatim("'", { multiline: false })],
  },
  wordStart: "$",
  wordPart: "$",
  braces: "javascript",
  keywords: words(
    "return yield await async new case default throw in is as const final var late static required extends implements with import export part break continue",
  ),
  headers: words("if else for while do try catch finally switch"),
  declarations: words("class enum mixin extension"),
  constants: BOOLEANS,
  joins: ["+"],
  adjacent: true,
  lineEnds: "never",
  generics: true,
  ternary: true,
  imports: { strings: ["import", "export", "part"] },
};

export const GROOVY: Language = {
  name: "groovy",
  extensions: ["groovy", "gvy", "jenkinsfile", "nf"],
  files: ["Jenkinsfile"],
  ...SLASHES,
  quotes: [lines('"""', { holes: HOLES.dollar }), lines("'''"), line('"', { holes: HOLES.dollar }), line("'")],
  hooks: { "/": [regexLiteral] },
  wordStart: "$",
  wordPart: "$",
  braces: "block",
  keywords: words(
    "return new case default throw in as def final static public private protected extends implements import package break continue",
  ),
  headers: words("if else for while do try catch finally switch"),
  declarations: words("class interface enum trait"),
  constants: BOOLEANS,
  joins: ["+"],
  lineEnds: "operand",
  generics: true,
  ternary: true,
  commands: true,
  imports: { words: ["import"] },
};
