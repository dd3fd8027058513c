/** What a command may touch of the outside. */
export interface CommandIo {
  stdout(text: string): void;
  stderr(text: string): void;
  readFile(path: string): Promise<Uint8Array>;
  readonly color: boolean;
  /** Columns of the terminal; null where the output is none. */
  readonly width?: number | null;
  readonly progress: boolean;
  now(): string;
  /** The index file that git's hooks hand to what they run, if any. */
  readonly index?: string | undefined;
  /** The operator's key for fingerprints of secrets, if any. */
  readonly fingerprintKey?: string | undefined;
  /** The environment, for commands that ask GitHub: tokens are given there and nowhere else. */
  readonly environment?: Readonly<Record<string, string | undefined>>;
}
