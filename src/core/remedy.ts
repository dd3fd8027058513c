const REMEDIES: Readonly<Record<string, string>> = {
  "system-owner": "name an owner or deputies in .github/ai-systems.yml, or more people under roles.risk-owner",
  "identity-owner": "name an owner or deputies in .github/ai-systems.yml, or more people under roles.risk-owner",
  "provider-owner": "name an owner in .github/ai-systems.yml, or more people under roles.risk-owner",
  "exception-acceptor": "have it accepted by somebody of roles.risk-owner who did not make the change",
  "eligible-person": "name more people under roles in .github/countersign.yml",
};

/** What to do where nobody is left to fill a role. */
export function remedyFor(role: string): string {
  return REMEDIES[role] ?? `name more people in .github/countersign.yml under roles.${role}`;
}
