import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { withoutSecrets } from "../../../src/detectors/credential/secret-free-text.ts";
import { guardrailLines } from "../../../src/detectors/prompt/guardrail-line.ts";
import { normalisedPrompt, promptUnits, wordLines } from "../../../src/detectors/prompt/prompt-text.ts";
import { nearlySame, shortened, textDifference } from "../../../src/detectors/prompt/text-difference.ts";

const WORDS = [
  "Never",
  "share",
  "only.",
  "Do",
  "not",
  "-",
  "1.",
  "##",
  "a",
  "rule!",
  "password",
  "don't",
  "<b>",
  "。",
  "用户。请",
];
const words = fc.array(fc.constantFrom(...WORDS), { minLength: 1, maxLength: 60 });
const gaps = fc.array(fc.constantFrom(" ", "\n", "  ", "\n\n", "\n    ", "\t", "\r\n"), {
  minLength: 60,
  maxLength: 60,
});

/** The words with other white space between them. */
function laidOut(list: readonly string[], spaces: readonly string[]): string {
  return list.map((word, index) => word + (index < list.length - 1 ? (spaces[index] ?? " ") : "")).join("");
}

describe("layout means nothing", () => {
  it("to the words of a prompt", () => {
    fc.assert(
      fc.property(words, gaps, (list, spaces) => {
        expect(normalisedPrompt(laidOut(list, spaces))).toBe(list.join(" "));
      }),
    );
  });

  it("to its sentences and rules", () => {
    fc.assert(
      fc.property(words, gaps, (list, spaces) => {
        const other = laidOut(list, spaces);
        const texts = (text: string) => promptUnits(text, 1).map((unit) => unit.text);
        expect(texts(other)).toEqual(texts(list.join(" ")));
        const rules = (text: string) => guardrailLines(text, 1).map((rule) => rule.text);
        expect(rules(other)).toEqual(rules(list.join(" ")));
      }),
    );
  });

  it("but each word knows its line", () => {
    expect(wordLines("one two\n\n  three\nfour", 5)).toEqual([5, 5, 7, 8]);
  });
});

describe("promptUnits", () => {
  it.each([
    ["One thing. Another thing.", ["One thing.", "Another thing."]],
    ["- one\n- two", ["one", "two"]],
    ["1. one 2) two", ["one", "two"]],
    ["# Title\ntext", ["Title text"]],
    ["See e.g. the list.", ["See e.g. the list."]],
    ["version 1.2 is old", ["version 1.2 is old"]],
    ['He said "no." Then he left.', ['He said "no."', "Then he left."]],
    ["不要说谎。请简短。", ["不要说谎。", "请简短。"]],
    ["<rules> Be kind </rules>", ["Be kind"]],
    ["<rules>Be kind</rules>Be brief", ["Be kind", "Be brief"]],
    ["Be kind </Quality Checks> Be brief", ["Be kind", "Be brief"]],
    ["if a <b then stop", ["if a <b then stop"]],
    ["Rules Never lie Always ask", ["Rules", "Never lie", "Always ask"]],
  ])("%j", (text, units) => {
    expect(promptUnits(text, 1).map((unit) => unit.text)).toEqual(units);
  });
});

describe("nearlySame", () => {
  const long = "Read the message of a customer and name the team that has to answer it, with one sentence of reason. ";
  it("takes a typing error in a prompt for the same", () => {
    expect(nearlySame(long, long.replace("customer", "custmoer"))).toBe(true);
    expect(nearlySame(long, long)).toBe(true);
  });
  it("takes another word for another prompt", () => {
    expect(nearlySame(long, long.replace("one sentence", "ten sentences"))).toBe(false);
    expect(nearlySame(long, `${long}${long}`)).toBe(false);
    expect(nearlySame("Yes.", "No.")).toBe(false);
  });
  it("is the same both ways", () => {
    const text = fc.string({ unit: fc.constantFrom("a", "b", " "), maxLength: 200 });
    fc.assert(
      fc.property(text, text, (a, b) => {
        expect(nearlySame(a, b)).toBe(nearlySame(b, a));
      }),
    );
  });
  it("is quick on texts that have nothing in common", () => {
    const start = performance.now();
    expect(nearlySame("ab".repeat(500_000), "ba".repeat(500_000).replaceAll("baba", "abba"))).toBe(false);
    expect(performance.now() - start).toBeLessThan(5_000);
  });
});

describe("textDifference", () => {
  it("shows the part that differs with what stands around it", () => {
    const before = "one two three four five six seven eight nine ten eleven twelve thirteen fourteen";
    expect(textDifference(before, before.replace("seven", "SEVEN"))).toEqual({
      before: "one two three four five six seven eight nine ten eleven twelve thirteen …",
      after: "one two three four five six SEVEN eight nine ten eleven twelve thirteen …",
      start: 6,
    });
  });
  it("shows the sentences of one side where changes are far apart", () => {
    const middle = "This sentence stays. ".repeat(40);
    const { before, after } = textDifference(`Begin so. ${middle}End so.`, `Begin thus. ${middle}End thus.`);
    expect([before, after]).toEqual(["Begin so. … End so.", "Begin thus. … End thus."]);
  });
  it("never grows with the text", () => {
    const text = fc.array(fc.constantFrom(...WORDS), { maxLength: 400 }).map((list) => list.join(" "));
    fc.assert(
      fc.property(text, text, (a, b) => {
        const { before, after } = textDifference(a, b);
        expect(before.length).toBeLessThan(700);
        expect(after.length).toBeLessThan(700);
      }),
    );
  });
  it("keeps beginning and end of what is too long", () => {
    expect(shortened("abcdefghij", 4)).toBe("ab … ij");
    expect(shortened("abcd", 4)).toBe("abcd");
  });
});

describe("withoutSecrets", () => {
  it("leaves out what could be a key", () => {
    const key = ["sk", "proj", "a1B2c3D4e5F6g7H8i9J0"].join("-");
    expect(withoutSecrets(`Use ${key} to call.`)).toBe("Use *** to call.");
    expect(withoutSecrets(`postgres://${"user"}:${"geheim"}@db/x`)).toBe("***");
  });
  it("leaves words, names and addresses alone", () => {
    const text = "Read https://example.com/a/very/long/path_of_words and {customer_message_history} on 2026-11-24.";
    expect(withoutSecrets(text)).toBe(text);
  });
});
