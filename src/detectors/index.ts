import type { Detector } from "../core/detector.ts";
import type { EffectivePolicy } from "../core/policy.ts";
import { agentInstructionsDetector } from "./agent-instructions.ts";
import { appPermissionDetector } from "./app-permission.ts";
import { composeDetector } from "./compose.ts";
import { credentialReferenceDetector } from "./credential-reference.ts";
import { customDetectors } from "./custom.ts";
import { federationDetector } from "./federation.ts";
import { governanceDetector } from "./governance.ts";
import { evaluationDetector, evaluationUseDetector } from "./guardrail-eval.ts";
import { oversightDetector } from "./guardrail-oversight.ts";
import { thresholdDetector } from "./guardrail-threshold.ts";
import { iamDetector } from "./iam.ts";
import { kubernetesDetector } from "./kubernetes.ts";
import { mcpDetector } from "./mcp.ts";
import { modelDetector } from "./model.ts";
import { modelEndpointDetector } from "./model-endpoint.ts";
import { modelParameterDetector } from "./model-parameter.ts";
import { modelRuntimeDetector } from "./model-runtime.ts";
import { promptDetector, promptFileDetector } from "./prompt.ts";
import { providerDetector } from "./provider.ts";
import { providerSdkDetector } from "./provider-sdk.ts";
import { secretValueDetectors } from "./secret-value.ts";
import { agentSettingsDetector, toolDetector } from "./tool.ts";
import { weightsDetector } from "./weights.ts";
import { weightsReferenceDetector } from "./weights-reference.ts";
import { workflowPermissionDetector } from "./workflow-permission.ts";

/** The detectors that need nothing of a policy. */
const DETECTORS: readonly Detector[] = [
  modelDetector,
  modelParameterDetector,
  modelEndpointDetector,
  modelRuntimeDetector,
  weightsDetector,
  weightsReferenceDetector,
  promptDetector,
  promptFileDetector,
  agentInstructionsDetector,
  mcpDetector,
  toolDetector,
  agentSettingsDetector,
  thresholdDetector,
  evaluationDetector,
  evaluationUseDetector,
  oversightDetector,
  providerDetector,
  providerSdkDetector,
  credentialReferenceDetector,
  workflowPermissionDetector,
  federationDetector,
  iamDetector,
  kubernetesDetector,
  appPermissionDetector,
  composeDetector,
];

/** Every detector under a policy; `fingerprintKey` keys the fingerprints that stand for secrets. */
export function detectorsFor(policy: EffectivePolicy, fingerprintKey: Uint8Array): readonly Detector[] {
  return [
    ...DETECTORS,
    ...secretValueDetectors(fingerprintKey),
    governanceDetector(policy),
    ...customDetectors(policy.detect.custom),
  ];
}
