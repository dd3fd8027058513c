import { jsonSchemas } from "../schemas.ts";
import type { CommandIo } from "./command-io.ts";
import { Usage } from "./usage.ts";

/** `countersign config schema`: prints a published JSON Schema. */
export async function configSchema(args: readonly string[], io: CommandIo): Promise<number> {
  const [name = "policy", ...rest] = args;
  const schemas = jsonSchemas();
  const schema = schemas[name];
  if (schema === undefined || rest.length > 0)
    throw new Usage(`config schema takes one of ${Object.keys(schemas).join(", ")}; see countersign config --help`);
  io.stdout(`${JSON.stringify(schema, null, 2)}\n`);
  return 0;
}
