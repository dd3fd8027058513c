import { getInput } from "@actions/core";
import { z } from "zod";

const Lines = z.string().transform((text) =>
  text
    .split("\n")
    .map((line) => line.trim())
    .filter((line) => line !== ""),
);
const Flag = z.enum(["true", "false"]).transform((text) => text === "true");

/** What a workflow asks for, by the names of action.yml. */
export const Inputs = z.object({
  command: z.enum(["audit", "check", "record", "report", "verify"]),
  token: z.string().min(1, "expected a token; the default is the workflow's own"),
  "organization-token": z.string(),
  "pull-request": z.union([z.literal(""), z.string().regex(/^[1-9]\d{0,9}$/, "expected a pull request's number")]),
  comment: Flag,
  "request-reviewers": Flag,
  sarif: z.string(),
  issue: Flag,
  check: z.string(),
  system: z.string(),
  metric: z.string(),
  value: z.string(),
  "evidence-branch": z
    .string()
    .regex(/^[\w][\w./-]{0,200}$/, "expected the name of a branch")
    .refine((name) => !name.includes(".."), "expected the name of a branch"),
  "signing-key": z.string(),
  "public-key": z.string(),
  seen: Lines,
  results: Lines,
});
export type Inputs = z.infer<typeof Inputs>;

/** An input that cannot be used. */
export class InvalidInput extends Error {
  readonly code = "action/input";
}

/** Reads every input; all that is wrong with them is told at once, without their values. */
export function readInputs(): Inputs {
  const names = Object.keys(Inputs.shape) as (keyof Inputs)[];
  const given = Object.fromEntries(names.map((name) => [name, getInput(name)]));
  const read = Inputs.safeParse(given);
  if (read.success) return read.data;
  throw new InvalidInput(
    read.error.issues.map(({ path, message }) => `input ${path.map(String).join(".")}: ${message}`).join("\n"),
  );
}
