import { dotenvReader } from "./dotenv.ts";
import { jsonReader } from "./json.ts";
import type { Reader } from "./reader.ts";
import { tomlReader } from "./toml.ts";
import { yamlReader } from "./yaml.ts";

/** Readers by precedence: the first that reads a path is used. */
const READERS: readonly Reader[] = [dotenvReader, jsonReader, yamlReader, tomlReader];

/** The reader of a path; null for prose and unknown formats, which hold text but no named values. */
export function readerOf(path: string): Reader | null {
  return READERS.find((reader) => reader.reads(path)) ?? null;
}
