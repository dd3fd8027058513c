import type { Detector } from "../core/detector.ts";
import type { EffectivePolicy } from "../core/policy.ts";
import { appPermissionDetector } from "./credential/app-permission.ts";
import { composeDetector } from "./credential/compose.ts";
import { credentialReferenceDetector } from "./credential/credential-reference.ts";
import { federationDetector } from "./credential/federation.ts";
import { iamDetector } from "./credential/iam.ts";
import { kubernetesDetector } from "./credential/kubernetes.ts";
import { secretValueDetectors } from "./credential/secret-value.ts";
import { workflowPermissionDetector } from "./credential/workflow-permission.ts";
import { customDetectors } from "./custom.ts";
import { governanceDetector } from "./governance/governance.ts";
import { evaluationDetector, evaluationUseDetector } from "./guardrail/guardrail-eval.ts";
import { oversightDetector } from "./guardrail/guardrail-oversight.ts";
import { thresholdDetector } from "./guardrail/guardrail-threshold.ts";
import { modelDetector } from "./model/model.ts";
import { modelEndpointDetector } from "./model/model-endpoint.ts";
import { modelParameterDetector } from "./model/model-parameter.ts";
import { modelRuntimeDetector } from "./model/model-runtime.ts";
import { weightsDetector } from "./model/weights.ts";
import { weightsReferenceDetector } from "./model/weights-reference.ts";
import { agentInstructionsDetector } from "./prompt/agent-instructions.ts";
import { promptDetector, promptFileDetector } from "./prompt/prompt.ts";
import { providerDetector } from "./provider/provider.ts";
import { providerSdkDetector } from "./provider/provider-sdk.ts";
import { mcpDetector } from "./tool/mcp.ts";
import { agentSettingsDetector, toolDetector } from "./tool/tool.ts";

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

/**
 * Every detector under a policy; `fingerprintKey` keys the fingerprints that stand for secrets, `reached` tells what
 * the workflows of named checks run beside themselves, `organizationWide` where the policy of an organisation stands.
 */
export function detectorsFor(
  policy: EffectivePolicy,
  fingerprintKey: Uint8Array,
  reached: (path: string) => boolean = () => false,
  organizationWide: readonly string[] = [],
): readonly Detector[] {
  return [
    ...DETECTORS,
    ...secretValueDetectors(fingerprintKey),
    governanceDetector(policy, reached, organizationWide),
    ...customDetectors(policy.detect.custom),
  ];
}
