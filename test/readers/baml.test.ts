import { describe, expect, it } from "vitest";
import { commentsOf, literalsOf, sideOf } from "./reading.ts";

describe("BAML", () => {
  it("clients, functions with raw prompts, classes and their descriptions, comments", () => {
    const text = `// who answers
client<llm> Main {
  provider openai // the first
  options {
    model "gpt-4o"
    api_key env.OPENAI_API_KEY
    temperature 0.2
  }
}
class Reply {
  text string @description("what to \\"say\\"")
  kind "a" | "b"
}
function Answer(
    question: string
) -> Reply {
  client Main
  prompt #"
    Say "x".
  "#
}
template_string Tone(name: string) ##"Be "#kind"# to {{ name }}."##
test One {
  functions [Answer]
  names ["a", "b"]
}
`;
    expect(literalsOf("a.baml", text)).toEqual([
      "3 Main/provider = openai",
      "5 Main/options/model = gpt-4o",
      "6 Main/options/api_key/process.env = OPENAI_API_KEY",
      "7 Main/options/temperature = 0.2 (number)",
      '11 Reply/@description()/0 = what to \\"say\\"',
      "12 Reply/kind = a",
      "17 Answer/client = Main",
      '18 Answer/prompt = \\n    Say \\"x\\".\\n  ',
      '22 Tone/template = Be \\"#kind\\"# to {{ name }}.',
      "25 One/names/0 = a",
      "25 One/names/1 = b",
    ]);
    expect(commentsOf("a.baml", text)).toEqual(["1 who answers"]);
    expect(sideOf("a.baml", text).parsed).toBe(true);
  });

  it("a block or a raw text that does not end is read as far as it goes", () => {
    expect(literalsOf("a.baml", 'function F() -> string {\n  prompt #"\n    Say x.')).toEqual([
      "2 F/prompt = \\n    Say x.",
    ]);
    expect(sideOf("a.baml", "client<llm> A {\n").parsed).toBe(false);
  });
});
