import type { Fact, FactChange, FileSide, Judgement, Literal } from "../core/detector.ts";
import { confidenceIn } from "./distinct-facts.ts";

/** The rule of people in the loop and of records. */
export const OVERSIGHT = "guardrail/oversight";
/** Switches that keep a person in the loop or a record while they are on. */
const KEEPER =
  /^(?:requires?_?(?:confirmation|approval|human_?approval|human_?review)|needs_?approval|human_?in_?the_?loop|human_?approval|human_?review|ask_?human|(?:enable_?)?(?:tracing|audit_?log(?:ging)?|moderation|content_?filter))(?:_?enabled)?$/i;
const PAUSES = /^interrupt_?(?:before|after)$|^interruptOn$|^interrupt_on$/i;

/** Where a file keeps a person or a record in the loop. */
export function oversightFacts(file: FileSide): readonly Fact[] {
  return file.literals.flatMap((literal) => oversightOf(file, literal));
}

function oversightOf(file: FileSide, literal: Literal): readonly Fact[] {
  const names = literal.path.filter((part) => !/^\d+$/.test(part));
  const name = (names.at(-1) ?? "").split(".").at(-1) ?? "";
  const base = { rule: OVERSIGHT, line: literal.line, confidence: confidenceIn(file) };
  if (PAUSES.test(name)) return [{ ...base, key: `${name} ${literal.value}`, value: "on" }];
  if (KEEPER.test(name) && /^(?:true|false)$/i.test(literal.value))
    return [{ ...base, key: names.join("."), value: literal.value.toLowerCase() === "true" ? "on" : "off" }];
  return [];
}

/** Oversight that ends is major, oversight that begins minor. */
export function judgeOversight({ before, after }: FactChange): Judgement {
  const ends = (before?.value ?? "off") === "on" ? (after?.value ?? "off") === "off" : after?.value === "off";
  return ends
    ? {
        direction: "widened",
        severity: "major",
        floor: "high",
        remedy: "Keep the step, or say who or what takes its place.",
      }
    : { direction: "narrowed", severity: "minor", remedy: "Check that the people named for it can answer in time." };
}
