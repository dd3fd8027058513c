import type { Detector } from "../core/detector.ts";
import { EVALUATION, evaluationCases, evaluationFiles, judgeEvaluation } from "./guardrail-eval.ts";
import { judgeOversight, OVERSIGHT, oversightFacts } from "./guardrail-oversight.ts";
import { judgeThreshold, THRESHOLD, thresholdFacts } from "./guardrail-threshold.ts";

const SKIPPED =
  /\.(?:svg|map|patch|diff|snap|lock|css|html?|rst)$|\.min\.js$|(?:^|\/)(?:package(?:-lock)?\.json|go\.sum)$/i;

const JUDGES = { [THRESHOLD]: judgeThreshold, [EVALUATION]: judgeEvaluation, [OVERSIGHT]: judgeOversight };

/** What holds an AI system back: thresholds, evaluations, people in the loop, records. Wherever it lies it counts. */
export const guardrailDetector: Detector = {
  name: "guardrail",
  rules: [
    {
      id: THRESHOLD,
      class: "guardrail",
      summary: "A threshold of evaluation, moderation, judge or safety filter changes.",
      ignoresSurface: true,
    },
    {
      id: EVALUATION,
      class: "guardrail",
      summary: "A case of an evaluation suite or of its data comes, goes or changes.",
      ignoresSurface: true,
    },
    {
      id: OVERSIGHT,
      class: "guardrail",
      summary: "A human approval step, a moderation call, logging, monitoring or tracing is switched off or on.",
      ignoresSurface: true,
    },
  ],
  literals: [],
  selects: (path) => !SKIPPED.test(path),
  extract: (file) => (file.binary ? [] : [...thresholdFacts(file), ...evaluationCases(file), ...oversightFacts(file)]),
  wants: evaluationFiles,
  judge: (change) => {
    const judge = JUDGES[(change.after ?? change.before)?.rule as keyof typeof JUDGES];
    return judge(change);
  },
};
