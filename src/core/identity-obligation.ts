import type { Case } from "./case.ts";
import { overdue } from "./due-date.ts";
import type { Obligation } from "./obligation.ts";
import type { Identity } from "./registry.ts";
import { endOf } from "./scalars.ts";
import { atLeast } from "./tier.ts";

const INACTIVE: ReadonlySet<string> = new Set(["suspended", "compromised", "revoked"]);

/** What is not in order with an identity in use; `referenced` says whether the change itself refers to it. */
export function identityObligations(identity: Identity, referenced: boolean, matter: Case): Obligation[] {
  const { assessment, policy, clock } = matter;
  const { state = "active", expires, rotation, accessReview, environments = [] } = identity;
  const scope = { identity: identity.id };
  const subject = `identity ${identity.id}`;
  const found: Obligation[] = [];
  const add = (rule: string, reason: string): void => {
    found.push({ rule: `record/${rule}`, reason: `${subject} ${reason}`, scope });
  };
  if (INACTIVE.has(state)) add("identity-inactive", `is ${state} and in use`);
  if (expires !== undefined && clock.reached(endOf(expires)))
    add("identity-inactive", `expired on ${expires} and is in use`);
  const { rotationMax, rotationGrace, reviewMax, reviewGrace } = policy.limits;
  if (rotation) {
    const duty = { rule: "record/rotation-overdue", what: "rotation", max: rotationMax, grace: rotationGrace };
    found.push(...overdue(rotation, duty, subject, scope, matter));
  }
  if (accessReview) {
    const duty = { rule: "record/access-review-overdue", what: "access review", max: reviewMax, grace: reviewGrace };
    found.push(...overdue(accessReview, duty, subject, scope, matter));
  }
  if (!referenced || !atLeast(assessment.tier.value, "high")) return found;
  if (!identity.owner) add("owner-missing", "has no owner");
  if (identity.authentication === "static-secret") add("static-secret", "authenticates with a static secret");
  if (environments.includes("production") && environments.length > 1)
    add("cross-environment-reuse", `is shared by ${environments.join(", ")}`);
  return found;
}
