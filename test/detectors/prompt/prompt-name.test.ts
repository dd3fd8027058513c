import { describe, expect, it } from "vitest";
import { mentionsModels } from "../../../src/detectors/model/model-mention.ts";
import { callEvidence, type NameEvidence, nameEvidence } from "../../../src/detectors/prompt/prompt-name.ts";
import {
  addressesModel,
  isMostlyCode,
  isMostlyWords,
  isProse,
  isUserQuestion,
  modelTalk,
} from "../../../src/detectors/prompt/prompt-prose.ts";

const NAMES: readonly (readonly [string, NameEvidence])[] = [
  ["SYSTEM_PROMPT", "sure"],
  ["systemPrompt", "sure"],
  ["self.system_prompt", "sure"],
  ["system-prompt", "sure"],
  ["REFUND_PROMPT_V2", "sure"],
  ["prompts", "sure"],
  ["system_message", "sure"],
  ["systemInstruction", "sure"],
  ["promptTemplate", "sure"],
  ["custom_instructions", "sure"],
  ["persona", "sure"],
  ["system_prompt_prefix", "sure"],
  ["instructions", "likely"],
  ["system", "likely"],
  ["backstory", "likely"],
  ["message", "maybe"],
  ["template", "maybe"],
  ["goal", "maybe"],
  ["content", "maybe"],
  ["prompt_version", "about"],
  ["promptId", "about"],
  ["system_prompt_file", "about"],
  ["max_prompt_tokens", "about"],
  ["promptPlaceholder", "about"],
  ["SUGGESTED_PROMPTS", "about"],
  ["prompt_cache_key", "about"],
  ["city", null],
  ["promptly", null],
  ["className", null],
  ["file", null],
  ["", null],
];

const CALLS: readonly (readonly [string, NameEvidence])[] = [
  ["SystemMessage()", "sure"],
  ["@SystemMessage()", "sure"],
  ["ChatPromptTemplate.from_messages()", "sure"],
  ["PromptTemplate.fromTemplate()", "sure"],
  ["kernel.CreateFunctionFromPrompt()", "sure"],
  ["Agent()", "maybe"],
  ["client.messages.create()", "maybe"],
  ["textwrap.dedent()", "maybe"],
  ["print()", null],
  ["SystemMessage", null],
];

describe("what a name says", () => {
  it.each(NAMES)("%s: %s", (name, evidence) => {
    expect(nameEvidence(name)).toBe(evidence);
  });
  it.each(CALLS)("%s: %s", (name, evidence) => {
    expect(callEvidence(name)).toBe(evidence);
  });
});

describe("whom words are for", () => {
  it.each([
    "Please enter your name",
    "Enter a value:",
    "What is the name of your project?",
    "Are you sure you want to delete it?",
    "Overwrite the file? [y/N]",
    "Select one of the following",
    "Continue (y/n)",
    "Password: ",
    "Where shall it go?",
    "Type a message",
  ])("a person at the keyboard: %s", (text) => {
    expect(isUserQuestion(text)).toBe(true);
  });

  it.each([
    "You plan trips by train.",
    "Answer in one sentence.",
    "Enter the shop, look at each shelf, and describe in detail what you see there; then say which of the books on it a child of six would like, and why that is so, in no more than two sentences. Be kind",
  ])("not a person at the keyboard: %s", (text) => {
    expect(isUserQuestion(text)).toBe(false);
  });

  it.each([
    "You are a helpful assistant.",
    "# Role\n\nYou are an expert in trains.",
    "Act as a librarian.",
    "<role>\nYou are the judge.",
    "Du bist ein Assistent.",
    "Eres un asistente.",
    "你是一个助手。",
    "あなたは親切です。",
  ])("a model, by the first words: %j", (text) => {
    expect(addressesModel(text)).toBe(true);
    expect(modelTalk(text)).toBe(2);
  });

  it.each([
    "# Trains\n\nThis page says what you are able to do.",
    "The licence: you must cause modified files to carry notices.",
    "You areas",
    "Thank you. You are welcome here.",
  ])("nobody in particular: %j", (text) => {
    expect(addressesModel(text)).toBe(false);
  });

  it.each([
    [0, "The train is late."],
    [0, "Save changes"],
    [1, "Summarize the text."],
    [2, "Based on the following context, answer with valid JSON."],
    [2, "Given the user question, respond only with a number."],
  ] as const)("talk of degree %i: %s", (degree, text) => {
    expect(modelTalk(text)).toBe(degree);
  });
});

describe("what is prose", () => {
  it.each(["Be brief", "You help.\nBe kind.", "请用一句话回答", "Hello {name}, write a poem", "**Be** kind"])(
    "%j is",
    (text) => {
      expect(isProse(text)).toBe(true);
    },
  );
  it.each([
    "gpt-4o",
    "prompts/a.md",
    "\u0024{a.b} \u0024{c.d}",
    "{{ a }} {{ b }}",
    "SELECT a FROM b WHERE c = 1",
    "<div class='a'>text here</div>",
    "import a from 'b'",
    "#!/bin/sh run this",
    "12 34 56",
    "   ",
  ])("%j is not", (text) => {
    expect(isProse(text)).toBe(false);
  });

  it("tells words from lists of classes and flags", () => {
    expect(isMostlyWords("Take the first train, then change at the main station.")).toBe(true);
    expect(isMostlyWords("m-0 max-h-[200px] w-full resize-none border-0 bg-transparent")).toBe(false);
    expect(isMostlyWords("--flag=1 -x 0x12 a=b c=d")).toBe(false);
  });

  it("tells text from programs", () => {
    expect(isMostlyCode("const a = 1;\nif (a) {\n  run();\n}\n")).toBe(true);
    expect(isMostlyCode("Write a function.\nReturn only the code.\nUse no imports.\n")).toBe(false);
  });
});

describe("mentionsModels", () => {
  it.each([
    "from openai import OpenAI",
    "new ChatOpenAI()",
    'model = "gpt-4o"',
    "call_llm(text)",
    'import { generateText } from "ai"',
    'messages = [{"role": "system"}]',
    "the system prompt of it",
    "claude-sonnet",
  ])("%s", (text) => {
    expect(mentionsModels({ text })).toBe(true);
  });
  it.each([
    "coherent text",
    "user-agent",
    "self.model.fit(x)",
    'role: "admin"',
    "egpts",
    "a model train",
    "shell completion",
  ])("not %s", (text) => {
    expect(mentionsModels({ text })).toBe(false);
  });
});
