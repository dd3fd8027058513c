import type { FileSide } from "../core/detector.ts";
import type { Surface } from "../core/finding.ts";

const DOTENV = /^(?:\.env(?:[._-].*)?|\.envrc|\.dev\.vars|env\.(?:example|sample|template|dist)|.*\.env(?:\..*)?)$/i;
/** `config.example.yaml`, `settings.toml.sample`, `sample.config.toml`: what a deployment copies and fills in. */
const CONFIGURATION =
  /^(?:[\w-]{0,30}[._-])?(?:config|configuration|settings|conf|secrets|models?|llm|agents?|litellm|mcp)(?:[._-](?:ya?ml|json|toml|ini|cfg|conf))?[._-](?:examples?|samples?|dist|template)(?:\.(?:ya?ml|jsonc?|json5|toml|ini|cfg|conf))?$|^(?:example|sample)[._-](?:config|settings)\.(?:ya?ml|jsonc?|toml|ini|cfg|conf)$/i;
const FOLDER = /^(?:examples?|samples?|demos?|docs?|tests?|fixtures?|cookbooks?|tutorials?)$/;

/** The surface of a template of the environment or the configuration, as a part of a fact; nothing for other files. */
export function surfaceOfTemplate(file: FileSide): { readonly surface?: Surface } {
  return isTemplate(file) ? { surface: "production" } : {};
}

/** A template beside the code says what the deployment reads; under a folder of examples it does not. */
function isTemplate(file: FileSide): boolean {
  if (file.surface !== "example") return false;
  const folders = file.path.toLowerCase().split("/");
  const name = folders.pop() ?? "";
  return (DOTENV.test(name) || CONFIGURATION.test(name)) && !folders.some((folder) => FOLDER.test(folder));
}
