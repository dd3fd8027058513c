/** Why the hosting service could not be read or written. */
export type HostingFaultCode =
  /** The App's key, or a token made with it, is refused. */
  | "hosting/unauthorized"
  /** The installation lacks a permission, is suspended, or the repository is archived. */
  | "hosting/forbidden"
  /** What was asked for does not exist, or this installation must not see it. */
  | "hosting/not-found"
  /** The request itself is refused: 409, 422 and their like. */
  | "hosting/refused"
  /** Too many requests; `retryAt` says when another may be made. */
  | "hosting/rate-limited"
  /** No answer, or none but errors, however often it was tried. */
  | "hosting/unavailable"
  /** An answer that is not as the service describes it. */
  | "hosting/unexpected"
  /** An answer that leaves something out, and no other way to learn it. */
  | "hosting/incomplete";

/** The hosting service failed where it should not have. The texts hold no secret and may be shown. */
export class HostingFault extends Error {
  readonly code: HostingFaultCode;
  /** What an administrator can do about it, as a sentence. */
  readonly remedy: string;
  /** The HTTP status of the last answer; null where there was none. */
  readonly status: number | null;
  /** When trying again makes sense, ISO 8601; null where the service does not say. */
  readonly retryAt: string | null;
  /** The page where the remedy is applied; null where none is known. */
  readonly address: string | null;

  constructor(
    code: HostingFaultCode,
    message: string,
    details: {
      readonly remedy: string;
      readonly status?: number;
      readonly retryAt?: string;
      readonly address?: string;
      readonly cause?: unknown;
    },
  ) {
    super(message, { cause: details.cause });
    this.name = "HostingFault";
    this.code = code;
    this.remedy = details.remedy;
    this.status = details.status ?? null;
    this.retryAt = details.retryAt ?? null;
    this.address = details.address ?? null;
  }
}
