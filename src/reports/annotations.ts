import { byText } from "../core/change-set.ts";
import type { Evaluation } from "../core/evaluation.ts";
import type { Finding } from "../core/finding.ts";
import { governingIn } from "./finding-table.ts";
import { hidesCharacters, plain } from "./plain.ts";
import type { Annotation } from "./pull-request-view.ts";

/** Nobody reads more, and every fifty are one more request. */
const MOST = 100;

/** Notes on the lines of the head that findings stand at, the heaviest ones; further ones come first. */
export function annotationsOf(evaluation: Evaluation, further: readonly Annotation[] = []): readonly Annotation[] {
  const own = governingIn(evaluation.assessment).flatMap(({ finding }) => annotationOf(finding));
  const unique = new Map([...further, ...own].map((annotation) => [JSON.stringify(annotation), annotation]));
  return (
    [...unique.values()]
      // A path that hides characters would show as another one.
      .filter(({ path }) => !hidesCharacters(path))
      .slice(0, MOST)
      .sort((a, b) => byText(a.path, b.path) || a.startLine - b.startLine || byText(a.title, b.title))
  );
}

function annotationOf(finding: Finding): readonly Annotation[] {
  const { place, rule, direction, severity, before, after, remedy, confidence } = finding;
  if (!place.after) return [];
  const values = [before, after].map((value) => (value === null || value === "" ? null : plain(value, 200)));
  const [from = null, to = null] = values;
  const change = [...(from === null ? [] : [`Before: ${from}`]), ...(to === null ? [] : [`After: ${to}`])];
  return [
    {
      path: place.after.path,
      startLine: place.after.line,
      endLine: place.after.line,
      level: levelOf(finding),
      title: plain(`${rule} ${direction} (${severity}${confidence === "likely" ? ", likely" : ""})`, 200),
      message: [...change, plain(remedy, 400)].join("\n"),
    },
  ];
}

/** Only a secret's value is wrong in itself; everything else is for people to judge. */
function levelOf({ rule, confidence, severity }: Finding): Annotation["level"] {
  if (rule === "credential/secret-value" && confidence === "certain") return "failure";
  return severity === "minor" ? "notice" : "warning";
}
