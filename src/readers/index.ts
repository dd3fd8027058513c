import { bamlReader } from "./baml.ts";
import { codeReader } from "./code/code-reader.ts";
import { markupScriptsReader } from "./code/markup-scripts.ts";
import { dotenvReader } from "./dotenv.ts";
import { frontMatterReader } from "./front-matter.ts";
import { gemfileReader } from "./gemfile.ts";
import { goModReader } from "./go-mod.ts";
import { gradleReader } from "./gradle.ts";
import { hclReader } from "./hcl.ts";
import { iniReader } from "./ini.ts";
import { jsonReader } from "./json.ts";
import { lockFileReader } from "./lock-file.ts";
import { notebookReader } from "./notebook.ts";
import { propertiesReader } from "./properties.ts";
import type { Reader } from "./reader.ts";
import { requirementsReader } from "./requirements.ts";
import { dockerfileReader } from "./shell/dockerfile.ts";
import { makefileReader } from "./shell/makefile.ts";
import { shellReader } from "./shell/shell-reader.ts";
import { tomlReader } from "./toml.ts";
import { xmlReader } from "./xml.ts";
import { yamlReader } from "./yaml.ts";

/** Readers by precedence: the first that reads a path is used. */
const READERS: readonly Reader[] = [
  lockFileReader,
  requirementsReader,
  goModReader,
  gemfileReader,
  gradleReader,
  dotenvReader,
  notebookReader(readerOf),
  jsonReader,
  yamlReader,
  tomlReader,
  hclReader,
  frontMatterReader,
  propertiesReader,
  iniReader,
  xmlReader,
  codeReader,
  bamlReader,
  markupScriptsReader,
  dockerfileReader,
  makefileReader,
  shellReader,
];

/** What is behind the name of a template, an example or a kept copy: `values.yaml.j2` is read as YAML. */
const TEMPLATE =
  /\.(?:j2|jinja2?|tmpl|tpl|gotmpl|template|erb|ejs|mustache|hbs|liquid|in|example|sample|dist|defaults?|bak|orig)$/i;

/** The reader of a path; null for prose and unknown formats, which hold text but no named values. */
export function readerOf(path: string): Reader | null {
  const reader = READERS.find((candidate) => candidate.reads(path));
  if (reader) return reader;
  const inner = path.replace(TEMPLATE, "");
  const behind = inner === path ? null : readerOf(inner);
  return behind && { ...behind, read: (text) => behind.read(text, inner) };
}
