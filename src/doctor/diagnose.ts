import type { Diagnosis } from "../reports/diagnosis.ts";
import { appDiagnoses } from "./app-diagnoses.ts";
import type { AppManifest } from "./app-manifest.ts";
import { checksDiagnoses } from "./checks-diagnoses.ts";
import { configurationDiagnoses } from "./configuration-diagnoses.ts";
import type { Inspection } from "./inspection.ts";
import { peopleDiagnoses } from "./people-diagnoses.ts";
import { rulesDiagnoses } from "./rules-diagnoses.ts";
import { settingsDiagnoses } from "./settings-diagnoses.ts";

/** Everything that is to be said of a repository's gate, from what was seen of it. */
export function diagnose(inspection: Inspection, manifest: AppManifest): readonly Diagnosis[] {
  return [
    ...appDiagnoses(inspection, manifest),
    ...rulesDiagnoses(inspection),
    ...settingsDiagnoses(inspection),
    ...configurationDiagnoses(inspection),
    ...peopleDiagnoses(inspection),
    ...checksDiagnoses(inspection),
  ];
}
