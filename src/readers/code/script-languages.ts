import { heredoc, phpHeredoc, readHeredoc } from "./heredocs.ts";
import type { Language, Quote } from "./language.ts";
import {
  continuation,
  phpBegins,
  phpComment,
  phpEnd,
  powershellEnvironment,
  powershellParameter,
} from "./language-hooks.ts";
import { BOOLEANS, HOLES, line, lines, NIL, verbatim, words } from "./quotes.ts";
import { luaComment, luaLong, rRaw } from "./raw-strings.ts";
import { regexLiteral } from "./regex-literal.ts";
import { percentLiteral, questionCharacter, rubyEnd, sigil, symbol } from "./ruby-literals.ts";

const PYTHON_QUOTES = [lines('"""'), lines("'''"), line('"'), line("'")];

function python(more: Partial<Quote>): readonly Quote[] {
  return PYTHON_QUOTES.map((quote) => ({ ...quote, ...more }));
}

const PYTHON_RAW = python({ decode: "none" });
const PYTHON_FORMAT = python({ holes: HOLES.braces });
const PYTHON_RAW_FORMAT = python({ holes: HOLES.braces, decode: "none" });

export const PYTHON: Language = {
  name: "python",
  extensions: ["py", "pyi", "pyw", "pyx", "pxd", "bzl", "star"],
  files: ["SConstruct", "SConscript", "Snakefile", "BUILD", "WORKSPACE", "Tiltfile"],
  interpreters: ["python"],
  lineComments: ["#"],
  quotes: PYTHON_QUOTES,
  prefixes: {
    b: PYTHON_QUOTES,
    u: PYTHON_QUOTES,
    r: PYTHON_RAW,
    br: PYTHON_RAW,
    rb: PYTHON_RAW,
    f: PYTHON_FORMAT,
    t: PYTHON_FORMAT,
    fr: PYTHON_RAW_FORMAT,
    rf: PYTHON_RAW_FORMAT,
    tr: PYTHON_RAW_FORMAT,
    rt: PYTHON_RAW_FORMAT,
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
  bareTuples: true,
  targets: true,
  imports: { words: ["import", "from"] },
  docstrings: true,
};

export const RUBY: Language = {
  name: "ruby",
  extensions: ["rb", "rake", "gemspec", "ru", "podspec", "thor", "jbuilder"],
  files: ["Rakefile", "Vagrantfile", "Fastfile", "Guardfile", "Capfile", "Podfile", "Brewfile", "Dangerfile"],
  interpreters: ["ruby"],
  lineComments: ["#"],
  blockComments: [{ open: "=begin", close: "\n=end", lineStart: true }],
  quotes: [lines('"', { holes: HOLES.hash }), lines("'", { decode: "simple" }), lines("`", { holes: HOLES.hash })],
  wordStart: "@$",
  wordPart: "@$",
  wordEnd: "?!",
  sigils: "@$",
  hooks: {
    "<": [heredoc],
    "%": [percentLiteral],
    ":": [symbol],
    "?": [questionCharacter],
    "/": [regexLiteral],
    _: [rubyEnd],
    "\\": [continuation],
  },
  heredoc: readHeredoc,
  braces: "ruby",
  keywords: words(
    `return yield in and or not if unless while until rescue then do end begin ensure else elsif loop
     break next redo retry self super defined? alias undef`,
  ),
  headers: words("case when for"),
  declarations: words("def class module"),
  constants: NIL,
  joins: ["+"],
  adjacent: true,
  lineEnds: "operand",
  pairs: ["=>"],
  ternary: true,
  commands: true,
  bareTuples: true,
  targets: true,
  imports: { strings: ["require", "require_relative", "load", "autoload"] },
};

export const PHP: Language = {
  name: "php",
  extensions: ["php", "phtml", "php5", "php7", "inc"],
  interpreters: ["php"],
  lineComments: ["//"],
  blockComments: [{ open: "/*", close: "*/" }],
  quotes: [lines('"', { holes: HOLES.php }), lines("'", { decode: "simple" }), lines("`", { holes: HOLES.php })],
  wordStart: "$\\",
  wordPart: "$\\",
  sigils: "$",
  begins: phpBegins,
  hooks: { "#": [phpComment], "/": [phpComment], "<": [phpHeredoc], "?": [phpEnd] },
  heredoc: readHeredoc,
  braces: "block",
  keywords: words(
    `return yield new clone echo print and or xor instanceof as throw const var public private protected static
     readonly final abstract global extends implements default insteadof fn goto break continue use namespace`,
  ),
  headers: words("if else elseif for foreach while do switch try catch finally declare case"),
  selectors: words("match"),
  declarations: words("function class interface trait enum"),
  constants: { ...BOOLEANS, TRUE: "boolean", FALSE: "boolean", NULL: "null" },
  joins: ["."],
  dots: ["->"],
  lineEnds: "never",
  pairs: ["=>"],
  ternary: true,
  imports: { words: ["use"], strings: ["require", "require_once", "include", "include_once"] },
  attributes: "hash-named",
};

export const LUA: Language = {
  name: "lua",
  extensions: ["lua", "luau", "rockspec"],
  interpreters: ["lua"],
  lineComments: [],
  quotes: [line('"'), line("'")],
  hooks: { "-": [luaComment], "[": [luaLong] },
  braces: "object",
  keywords: words("return and or not local end then do in goto break"),
  headers: words("if else elseif for while repeat until"),
  declarations: words("function"),
  constants: NIL,
  joins: [".."],
  dots: [":"],
  tableCalls: true,
  targets: true,
  generics: true,
  lineEnds: "operand",
  commands: true,
  imports: { strings: ["require", "dofile", "loadfile"] },
};

export const ELIXIR: Language = {
  name: "elixir",
  extensions: ["ex", "exs"],
  interpreters: ["elixir"],
  lineComments: ["#"],
  quotes: [
    lines('"""', { holes: HOLES.hash, dedent: true }),
    lines("'''", { holes: HOLES.hash, dedent: true }),
    lines('"', { holes: HOLES.hash }),
    lines("'", { holes: HOLES.hash }),
  ],
  wordStart: "@",
  wordEnd: "?!",
  hooks: { "~": [sigil], ":": [symbol], "?": [questionCharacter] },
  braces: "object",
  keywords: words("do end when and or not in fn else rescue catch after raise throw"),
  headers: words("if unless case cond with for receive try"),
  declarations: words("def defp defmodule defmacro defmacrop defstruct defprotocol defimpl"),
  constants: NIL,
  joins: ["<>"],
  lineEnds: "operand",
  pairs: ["=>"],
  arms: ["->"],
  assigns: ["\\\\"],
  commands: true,
  imports: { words: ["alias", "import", "use", "require"] },
};

export const R: Language = {
  name: "r",
  extensions: ["r"],
  interpreters: ["Rscript"],
  lineComments: ["#"],
  quotes: [lines('"'), lines("'"), verbatim("`", { character: true })],
  wordPart: ".",
  hooks: { r: [rRaw], R: [rRaw] },
  braces: "block",
  keywords: words("in next break"),
  headers: words("if else for while repeat"),
  declarations: words("function"),
  constants: { TRUE: "boolean", FALSE: "boolean", NULL: "null", T: "boolean", F: "boolean" },
  joins: [],
  dots: ["$"],
  assigns: ["<-"],
  lineEnds: "operand",
  imports: { strings: ["source"] },
};

const BACKTICK = { escape: "`", decode: "backtick" } as const;

export const POWERSHELL: Language = {
  name: "powershell",
  extensions: ["ps1", "psm1", "psd1"],
  interpreters: ["pwsh"],
  lineComments: ["#"],
  blockComments: [{ open: "<#", close: "#>" }],
  quotes: [
    { open: '@"\n', close: '\n"@', multiline: true, ...BACKTICK, holes: HOLES.parentheses },
    { open: "@'\n", close: "\n'@", multiline: true, escape: "", decode: "none" },
    lines('"', { ...BACKTICK, doubled: true, holes: HOLES.parentheses }),
    verbatim("'", { doubled: true }),
  ],
  wordStart: "$",
  wordPart: "$-",
  sigils: "$",
  hooks: { $: [powershellEnvironment], "-": [powershellParameter], "`": [continuation] },
  parameters: true,
  braces: "hash",
  keywords: words("return in param throw begin process end break continue filter"),
  headers: words("if else elseif for foreach while do until switch try catch finally"),
  declarations: words("function class enum"),
  constants: { $true: "boolean", $false: "boolean", $null: "null" },
  joins: ["+"],
  lineEnds: "operand",
  commands: true,
  imports: { strings: [] },
};
