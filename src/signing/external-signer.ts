import { spawn } from "node:child_process";
import type { KeyObject } from "node:crypto";
import type { Signer } from "../evidence/envelope.ts";
import { isSignedBy, keyIdOf } from "../evidence/key-history.ts";

/** A program that signs, where the private key never enters this process: a KMS, an HSM, an agent. */
export interface ExternalProgram {
  /** Path of an executable, which is started without arguments and without a shell. */
  readonly program: string;
  readonly publicKey: KeyObject;
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** Milliseconds that one signature may take. */
  readonly patience?: number;
}

/** Variables that are no business of the program. */
const OURS = [
  ...["PRIVATE_KEY", "PRIVATE_KEY_PATH", "WEBHOOK_SECRET", "GITHUB_TOKEN", "PGPASSWORD"],
  ...["COUNTERSIGN_SIGNING_KEY", "COUNTERSIGN_FINGERPRINT_KEY"],
];

/** The most that a signature can take, written as base64 with room to spare, in bytes. */
const LONGEST = 4_096;

/** The program that signs gave no signature of its key. */
export class SignerFault extends Error {
  override readonly name = "SignerFault";
  readonly code = "ERR_SIGNER";
}

/**
 * Has a program sign: it gets the bytes on standard input and writes the signature, as it is or in base64. What it writes is
 * verified before it is used, so a record that nobody could verify is never kept.
 */
export function externalSigner({ program, publicKey, environment, patience = 30_000 }: ExternalProgram): Signer {
  const env = Object.fromEntries(Object.entries(environment).filter(([name]) => !OURS.includes(name)));
  return {
    keyId: keyIdOf(publicKey),
    publicKey,
    async sign(bytes) {
      const output = await outputOf(program, bytes, env, patience);
      const text = output.toString("latin1").trim();
      const written = [output, ...(/^[A-Za-z0-9+/\s]+={0,2}$/.test(text) ? [Buffer.from(text, "base64")] : [])];
      const signature = written.find((one) => isSignedBy(publicKey, bytes, one));
      if (signature) return signature;
      throw new SignerFault(`COUNTERSIGN_SIGNER wrote ${output.length} bytes that are no signature of its public key`);
    },
  };
}

function outputOf(
  program: string,
  input: Uint8Array,
  env: Readonly<Record<string, string | undefined>>,
  patience: number,
): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    // A group of its own, so that what the program has started ends with it.
    const child = spawn(program, [], { env, shell: false, stdio: ["pipe", "pipe", "ignore"], detached: true });
    const refuse = (why: string) => {
      clearTimeout(timer);
      reject(new SignerFault(`COUNTERSIGN_SIGNER ${why}`));
    };
    const end = (why: string) => {
      if (child.pid !== undefined) killGroup(child.pid);
      child.stdout.destroy();
      refuse(why);
    };
    const timer = setTimeout(end, patience, `took longer than ${patience / 1_000} seconds`);
    const parts: Buffer[] = [];
    let length = 0;
    child.stdout.on("data", (part: Buffer) => {
      length += part.length;
      parts.push(part);
      if (length > LONGEST) end(`wrote more than ${LONGEST} bytes`);
    });
    child.once("error", (fault: NodeJS.ErrnoException) => refuse(`could not be started (${fault.code ?? "unknown"})`));
    child.once("close", (code, signal) => {
      if (code !== 0) refuse(signal ? `was ended by ${signal}` : `ended with exit code ${code}`);
      clearTimeout(timer);
      resolve(Buffer.concat(parts));
    });
    // A program that ends without reading says so by its exit code.
    child.stdin.on("error", () => {});
    child.stdin.end(input);
  });
}

function killGroup(pid: number): void {
  try {
    process.kill(-pid, "SIGKILL");
  } catch {
    // It has ended meanwhile.
  }
}
