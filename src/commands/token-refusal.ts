import { HostingFault } from "../work/hosting-fault.ts";
import { Usage } from "./usage.ts";

/**
 * A fault of GitHub's in the words of somebody who holds a token, or the App's key where there is none: what they can put
 * right is a usage error, all else stays a fault.
 */
export function refusalOf(fault: unknown, what: string, token: string | null): unknown {
  if (!(fault instanceof HostingFault)) return fault;
  const who = token === null ? "the App" : "the token";
  switch (fault.code) {
    case "hosting/unauthorized":
      return new Usage(
        token === null
          ? `${fault.message}; ${fault.remedy}`
          : `GitHub refuses the token (${fault.message}); check that GITHUB_TOKEN or GH_TOKEN has not expired and belongs to this GitHub`,
      );
    case "hosting/not-found":
    case "hosting/forbidden":
      return new Usage(
        `GitHub does not show ${what} to ${who} (${fault.message}); check the name, and that ${who} may read it`,
      );
    default:
      return new Error(`${fault.message}; ${fault.remedy}`, { cause: fault });
  }
}
