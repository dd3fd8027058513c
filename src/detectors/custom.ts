import picomatch from "picomatch";
import { compilePattern, literalOf, VALUE_GROUP } from "../core/custom-pattern.ts";
import type { Detector, Fact, FileSide } from "../core/detector.ts";
import type { CustomRule } from "../core/policy.ts";
import { withoutSecrets } from "./credential/secret-free-text.ts";
import { directionOf } from "./distinct-facts.ts";
import { digest } from "./text-digest.ts";

const SHOWN = 200;
/** More matches than this are one fact with the rest of the text, so that none hides behind others. */
const MOST_MATCHES = 5_000;

/** One detector for each rule that a policy writes: what its group `value` matches is the fact, compared on both sides. */
export function customDetectors(rules: readonly CustomRule[]): readonly Detector[] {
  return rules.map((rule) => {
    const literal = literalOf(rule.pattern);
    const pattern = compilePattern(rule.pattern);
    return {
      name: `custom ${rule.id}`,
      rules: [
        {
          id: rule.id,
          class: rule.class,
          summary: `A rule of this policy: ${rule.pattern}`,
          severity: rule.severity ?? "material",
        },
      ],
      literals: literal === null ? [] : [literal],
      selects: picomatch([...rule.paths], { dot: true }),
      extract: (file) => (file.binary ? [] : matchesIn(file, pattern, rule.id)),
      judge: (change) => ({
        direction: directionOf(change),
        severity: rule.severity ?? "material",
        remedy: `Follow what the policy says about ${rule.id}.`,
      }),
    };
  });
}

function matchesIn(file: FileSide, pattern: ReturnType<typeof compilePattern>, rule: string): readonly Fact[] {
  const facts: Fact[] = [];
  const matcher = pattern.matcher(file.text);
  let position = 0;
  let line = 1;
  while (matcher.find()) {
    const value = matcher.group(VALUE_GROUP);
    if (value === null || value === "") continue;
    const start = matcher.start(VALUE_GROUP);
    for (; position < start; position += 1) if (file.text.charCodeAt(position) === 10) line += 1;
    if (facts.length === MOST_MATCHES) {
      facts.push({ ...fact(rule, file.text.slice(start), line), shown: `more than ${MOST_MATCHES} matches` });
      break;
    }
    facts.push(fact(rule, value, line));
  }
  return facts;
}

/** A value that is too long to show is known by its digest. */
function fact(rule: string, value: string, line: number): Fact {
  const long = value.length > SHOWN;
  return {
    rule,
    key: rule,
    value: long ? digest(value) : value,
    shown: withoutSecrets(long ? `${value.slice(0, SHOWN)}…` : value),
    line,
    confidence: "likely",
  };
}
