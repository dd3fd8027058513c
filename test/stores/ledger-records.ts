import { createHash, createPublicKey, generateKeyPairSync, type KeyObject, sign } from "node:crypto";
import { type Envelope, type Signer, signEnvelope } from "../../src/evidence/envelope.ts";
import type { LedgerTip } from "../../src/evidence/ledger.ts";
import type { UnplacedRecord } from "../../src/evidence/record.ts";
import { statementOf } from "../../src/evidence/statement.ts";

/** A signer with a key of its own. */
export function testSigner(type: "ed25519" | "p256" = "ed25519"): Signer & { readonly privateKey: KeyObject } {
  const { privateKey } =
    type === "ed25519" ? generateKeyPairSync("ed25519") : generateKeyPairSync("ec", { namedCurve: "P-256" });
  const publicKey = createPublicKey(privateKey);
  const keyId = createHash("sha256")
    .update(publicKey.export({ type: "spki", format: "der" }))
    .digest("hex");
  const digest = type === "ed25519" ? null : "sha256";
  return { keyId, publicKey, privateKey, sign: async (bytes) => sign(digest, bytes, privateKey) };
}

const AT = "2026-11-24T12:00:00Z";

/** A short record, with what every record has. */
function shortRecord(id: string, repository = 1): UnplacedRecord {
  return {
    record: { id },
    event: "lifecycle",
    repository: { id: repository, owner: "acme", name: `agent-${repository}` },
    about: [],
    limitations: [`the short record ${id}`],
  };
}

/** Signs a short record for the place it gets. */
export function signing(signer: Signer, id: string, repository?: number, at = AT) {
  return (tip: LedgerTip): Promise<Envelope> => signEnvelope(statementOf(shortRecord(id, repository), tip, at), signer);
}
