import jsTokens, { type JSXToken, type Token } from "js-tokens";
import type { Language, Quote } from "./language.ts";
import { HOLE } from "./scan.ts";
import { scan } from "./scanner.ts";
import { addToken, Gap, Kind, newTokens, packed, type StringShape, Tag, type Tokens } from "./tokens.ts";

/** Longer texts are scanned by the language's row: js-tokens takes its tokens by regular expressions. */
const LONGEST = 2_000_000;

const STRING: Quote = { open: '"', close: '"', multiline: false, escape: "\\" };
const ATTRIBUTE: Quote = { open: '"', close: '"', multiline: true, escape: "", decode: "none" };
const TEMPLATE: Quote = { open: "`", close: "`", multiline: true, escape: "\\" };

/** Where the conversion of js-tokens' tokens stands. */
interface Conversion {
  readonly tokens: Tokens;
  readonly templates: number[];
  pos: number;
  gap: number;
  /** JSX: behind `<`, behind the name of an opening tag, behind its `/`, or in a closing tag. */
  tag: "" | "start" | "attributes" | "ending" | "closing";
  readonly tags: Conversion["tag"][];
}

/** Splits JavaScript, TypeScript, JSX or TSX into tokens. */
export function javascriptTokens(text: string, language: Language, jsx: boolean): Tokens {
  if (text.length > LONGEST) return scan(text, language);
  try {
    return converted(text, jsx);
  } catch {
    // Its regular expressions can overflow the stack on hostile input.
    return scan(text, language);
  }
}

/** Type parameters of an arrow function, which js-tokens takes for a tag: `<T,>(x) => x`, `<T extends X>(x) => x`. */
const TYPE_PARAMETERS =
  /([=(,:?]\s{0,100})<(?=\s{0,100}(?:const\s{1,10})?[A-Za-z_$][\w$]{0,100}(?:\s{0,10},|\s{1,100}extends\s))/g;

function converted(text: string, jsx: boolean): Tokens {
  const state: Conversion = { tokens: newTokens(text), templates: [], pos: 0, gap: Gap.newline, tag: "", tags: [] };
  const given = jsx && text.includes("=>") ? text.replace(TYPE_PARAMETERS, "$1~") : text;
  for (const token of jsTokens(given, { jsx })) {
    convert(state, token);
    state.pos += token.value.length;
  }
  for (const at of state.templates) endTemplate(state, at, text.length, false);
  return state.tokens;
}

function convert(state: Conversion, token: Token | JSXToken): void {
  const { type, value } = token;
  const { length } = value;
  const closed = !("closed" in token) || token.closed;
  const quote = QUOTES[type];
  if (type === "WhiteSpace") state.gap |= Gap.space;
  else if (type === "LineTerminatorSequence") state.gap |= Gap.newline;
  else if (type.endsWith("Comment")) comment(state, length, closed);
  else if (quote) string(state, quote, length, closed);
  else if (type.startsWith("Template")) template(state, type, length, closed);
  else if (type === "JSXIdentifier" || type === "JSXPunctuator") jsx(state, type, value);
  else {
    const kind = KINDS[type] ?? Kind.punctuation;
    add(
      state,
      kind,
      length,
      kind === Kind.punctuation ? packed(value === "~" ? state.tokens.text.charAt(state.pos) : value) : 0,
    );
  }
}

const QUOTES: Readonly<Record<string, Quote>> = {
  StringLiteral: STRING,
  JSXString: ATTRIBUTE,
  NoSubstitutionTemplate: TEMPLATE,
};

const KINDS: Readonly<Record<string, number>> = {
  RegularExpressionLiteral: Kind.regex,
  NumericLiteral: Kind.number,
  IdentifierName: Kind.word,
  PrivateIdentifier: Kind.word,
  JSXText: Kind.text,
};

function comment(state: Conversion, length: number, closed: boolean): void {
  const gap = state.gap & Gap.newline;
  add(state, Kind.comment, length);
  state.gap = gap;
  if (!closed) state.tokens.closed = false;
}

function add(state: Conversion, kind: number, length: number, detail = 0): number {
  const at = addToken(state.tokens, kind, state.gap, state.pos, state.pos + length, detail);
  state.gap = Gap.none;
  return at;
}

function string(state: Conversion, quote: Quote, length: number, closed: boolean): void {
  const { strings } = state.tokens;
  const at = add(state, Kind.string, length, strings.length);
  const bodyEnd = state.pos + length - (closed ? 1 : 0);
  strings.push({ quote, bodyStart: state.pos + 1, bodyEnd, next: at + 1, holes: null, closed, depth: 0 });
  if (!closed) state.tokens.closed = false;
}

function template(state: Conversion, type: string, length: number, closed: boolean): void {
  const { tokens, templates, pos } = state;
  if (type === "TemplateHead") {
    templates.push(add(state, Kind.string, length, tokens.strings.length));
    tokens.strings.push({
      quote: TEMPLATE,
      bodyStart: pos + 1,
      bodyEnd: pos + 1,
      next: 0,
      holes: [],
      closed: true,
      depth: 0,
    });
  } else shapeOf(tokens, templates.at(-1) ?? 0).holes?.push(pos + 1);
  const at = templates.at(-1) ?? 0;
  if (type === "TemplateTail") {
    templates.pop();
    endTemplate(state, at, pos + length, closed);
  } else {
    shapeOf(tokens, at).holes?.push(pos + length - 2);
    addToken(tokens, Kind.punctuation, Gap.none, pos + length - 2, pos + length, HOLE);
  }
}

function shapeOf(tokens: Tokens, at: number): StringShape {
  return tokens.strings[tokens.details[at] ?? 0]!;
}

function endTemplate({ tokens }: Conversion, at: number, end: number, closed: boolean): void {
  const shape = shapeOf(tokens, at);
  shape.bodyEnd = end - (closed ? 1 : 0);
  shape.next = tokens.count;
  shape.closed = closed;
  tokens.ends[at] = end;
  if (!closed) tokens.closed = false;
}

function joinsName({ tokens, gap, pos }: Conversion): boolean {
  const last = tokens.count - 1;
  return gap === Gap.none && tokens.kinds[last] === Kind.tag && tokens.ends[last] === pos;
}

/** Tags become calls: the token of its name opens `<Foo.Bar a="x">`, its angle closes it; `/>` and `</Foo.Bar>` end the element. */
function jsx(state: Conversion, type: string, value: string): void {
  const { tag, tokens, pos } = state;
  const last = tokens.count - 1;
  if (tag === "attributes" && value !== ">" && value !== "/" && value !== "{" && joinsName(state)) {
    tokens.ends[last] = pos + value.length; // `<Foo.Bar`
    return;
  }
  if (value === "<") {
    state.tags.push(tag);
    state.tag = "start";
  } else if (value === "/" && tag !== "closing") state.tag = tag === "start" ? "closing" : "ending";
  else if (value === ">") {
    if (tag === "attributes" || tag === "ending") add(state, Kind.punctuation, 1, Tag.close);
    if (tag === "closing" || tag === "ending") add(state, Kind.punctuation, 1, Tag.end);
    state.tag = state.tags.pop() ?? "";
  } else if (value === "{") {
    add(state, Kind.punctuation, 1, Tag.brace);
    state.tags.push(tag);
    state.tag = "";
  } else if (value === "}") {
    add(state, Kind.punctuation, 1, Tag.braceEnd);
    state.tag = state.tags.pop() ?? "";
  } else if (tag === "start") {
    add(state, Kind.tag, value.length);
    state.tag = "attributes";
  } else if (tag === "attributes") {
    if (type === "JSXIdentifier") add(state, Kind.word, value.length);
    else add(state, Kind.punctuation, 1, packed(value));
  }
}
