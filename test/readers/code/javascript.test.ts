import fc from "fast-check";
import jsTokens from "js-tokens";
import { describe, expect, it } from "vitest";
import { javascriptTokens } from "../../../src/readers/code/javascript.ts";
import { Kind } from "../../../src/readers/code/tokens.ts";

/** What the two have in common: names in tags, and templates with what stands in them, are kept otherwise. */
const KINDS: Readonly<Record<string, string>> = {
  RegularExpressionLiteral: "regex",
  NumericLiteral: "number",
  IdentifierName: "word",
  PrivateIdentifier: "word",
  Punctuator: "mark",
  Invalid: "mark",
  JSXText: "text",
  StringLiteral: "string",
  NoSubstitutionTemplate: "string",
  JSXString: "string",
  MultiLineComment: "comment",
  SingleLineComment: "comment",
  HashbangComment: "comment",
};

function byOracle(text: string, jsx: boolean): readonly string[] {
  let pos = 0;
  const found: string[] = [];
  for (const { type, value } of jsTokens(text, { jsx })) {
    const kind = KINDS[type];
    if (type === "TemplateHead") found.push(`template ${pos}`);
    else if (kind && (!jsx || (kind !== "word" && kind !== "mark"))) found.push(`${kind} ${pos} ${pos + value.length}`);
    pos += value.length;
  }
  return found;
}

function byScanner(text: string, jsx: boolean): readonly string[] {
  const { count, kinds, starts, ends, details, strings } = javascriptTokens(text, jsx);
  const found: string[] = [];
  for (let at = 0; at < count; at += 1) {
    const range = `${starts[at]} ${ends[at]}`;
    const kind = kinds[at];
    const name = Object.entries(Kind).find(([, number]) => number === kind)?.[0] ?? "";
    if (kind === Kind.string)
      found.push(strings[details[at] ?? 0]?.holes ? `template ${starts[at]}` : `string ${range}`);
    else if (kind === Kind.punctuation && !jsx && details[at] !== 1) found.push(`mark ${range}`);
    else if (kind === Kind.word && !jsx) found.push(`word ${range}`);
    else if (kind === Kind.number || kind === Kind.regex || kind === Kind.comment || kind === Kind.text)
      found.push(`${name} ${range}`);
  }
  return found;
}

const SHARED = [
  "$".concat("{"),
  ..."/ /= /* */ // = == === => ( ) { } [ ] ` } ' \" \\ \\\\ \\u0041 \\u{41} # #x #! @ ~ ! != !== ? ?. ?.5 ?? ??= . .. ...".split(
    " ",
  ),
  ..."0 .5 1. 1.5e3 08.5 077 0x1F 0b12 0o78 0n 1n 1_000 0_1 1e + ++ - -- * ** **= % ^= & && &&= | || < << <<= <= > >> >>>=".split(
    " ",
  ),
  ..."return throw yield if for while with else typeof new a b$ _é \u{1d4b3} \ud800 \u200c : ; g a.if /[/]/g /\\// <a <A.B </a> /> >".split(
    " ",
  ),
  ..."\n,\r\n,\u2028,\t,\u00a0,\ufeff, , , ".split(","),
];

function soup(...more: readonly string[]): fc.Arbitrary<string> {
  return fc.array(fc.constantFrom(...SHARED, ...more), { minLength: 1, maxLength: 30 }).map((parts) => parts.join(""));
}

describe("tokens of JavaScript", () => {
  it("lie where js-tokens finds them, whatever the text", () => {
    fc.assert(
      fc.property(soup(",", "extends"), (text) => {
        expect(byScanner(text, false)).toEqual(byOracle(text, false));
      }),
      { numRuns: 5_000 },
    );
  });

  it("lie where js-tokens finds them in JSX too", () => {
    fc.assert(
      fc.property(soup(), (text) => {
        expect(byScanner(text, true)).toEqual(byOracle(text, true));
      }),
      { numRuns: 5_000 },
    );
  });

  it("begin no element at the type parameters of an arrow function", () => {
    const code = "const f = <T,>(x: T) => x; const g = (<T extends A>(x: T) => <b>{x}</b>);";
    expect(byScanner(code, true)).toEqual([]);
    expect(byOracle(code, true)).not.toEqual([]);
  });
});
