import { z } from "zod";
import { FactsFile } from "./commands/facts-file.ts";
import { Policy } from "./core/policy.ts";
import { Registry } from "./core/registry.ts";
import { Statement } from "./evidence/record.ts";
import { DoctorJson } from "./reports/diagnosis.ts";
import { EvaluationJson } from "./reports/evaluation-json.ts";
import { VerificationJson } from "./reports/verification.ts";

const SOURCES: Readonly<Record<string, { schema: z.ZodType; title: string; io: "input" | "output" }>> = {
  policy: { schema: Policy, title: "Countersign policy (.github/countersign.yml)", io: "input" },
  registry: { schema: Registry, title: "Countersign registry (.github/ai-systems.yml)", io: "input" },
  evaluation: { schema: EvaluationJson, title: "Countersign evaluation (check --format json)", io: "output" },
  doctor: { schema: DoctorJson, title: "Countersign doctor (doctor --format json)", io: "output" },
  facts: { schema: FactsFile, title: "Countersign facts (check --facts)", io: "input" },
  verification: { schema: VerificationJson, title: "Countersign verification (verify --format json)", io: "output" },
  evidence: { schema: Statement, title: "Countersign record (in-toto Statement v1)", io: "output" },
};

/** The published JSON Schemas by name, made from the schemas the program itself validates with. */
export function jsonSchemas(): Readonly<Record<string, object>> {
  return Object.fromEntries(
    Object.entries(SOURCES).map(([name, { schema, title, io }]) => {
      const { $schema, ...rest } = z.toJSONSchema(schema, { io, target: "draft-2020-12" });
      return [name, { $schema, title, ...rest }];
    }),
  );
}
