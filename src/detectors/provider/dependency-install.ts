import type { FileSide } from "../../core/detector.ts";
import type { Dependency } from "./dependency.ts";
import { pythonRequirement } from "./dependency-line.ts";
import type { Ecosystem } from "./provider-catalogue.ts";

const SCRIPT =
  /(?:^|\/)(?:[^/]*Dockerfile[^/]*|[^/]*Containerfile[^/]*|Makefile|justfile|Procfile)$|\.(?:sh|bash|dockerfile|ipynb)$|^\.github\/(?:workflows|actions)\/.*\.ya?ml$|(?:^|\/)\.gitlab-ci\.ya?ml$|(?:^|\/)devcontainer\.json$/i;
const COMMANDS: readonly (readonly [RegExp, Ecosystem])[] = [
  [/\b(?:pip3?|pipx|uv|poetry|pdm|conda|mamba)\s{1,10}(?:pip\s{1,10})?(?:install|add)\s([^\n;|&]{1,1500})/g, "pypi"],
  [/\b(?:npm|pnpm|yarn|bun)\s{1,10}(?:install|i|add|global\s{1,5}add)\s([^\n;|&]{1,1500})/g, "npm"],
  [/\bgo\s{1,10}get\s([^\n;|&]{1,1500})/g, "go"],
  [/\bcargo\s{1,10}add\s([^\n;|&]{1,1500})/g, "cargo"],
  [/\bgem\s{1,10}install\s([^\n;|&]{1,1500})/g, "gem"],
  [/\bcomposer\s{1,10}require\s([^\n;|&]{1,1500})/g, "packagist"],
  [/\bdotnet\s{1,10}add\s{1,10}(?:\S{1,200}\s{1,10})?package\s([^\n;|&]{1,500})/g, "nuget"],
];

/** Whether a path is a script or image recipe in which packages are installed by command. */
export function isInstallScript(path: string): boolean {
  return SCRIPT.test(path);
}

/** The packages that commands of a script install, lines joined where a backslash or a comment's absence continues them. */
export function installedIn(file: FileSide): readonly Dependency[] {
  const found: Dependency[] = [];
  let joined = "";
  file.text.split("\n").forEach((line, index) => {
    if (line.length > 4_000 || /^\s*(?:#|\/\/)/.test(line)) return;
    const continues = line.endsWith("\\") && joined.length < 20_000;
    joined += continues ? `${line.slice(0, -1)} ` : line;
    if (continues) return;
    found.push(...commandsIn(joined, index + 1));
    joined = "";
  });
  return found;
}

function commandsIn(text: string, line: number): readonly Dependency[] {
  if (!/\b(?:install|i|add|get|require)\s/.test(text)) return [];
  return COMMANDS.flatMap(([pattern, ecosystem]) =>
    [...text.matchAll(pattern)].flatMap(([, rest = ""]) =>
      rest
        .split(/\s+/)
        .map((word) => word.replace(/\\[nrt].*$/, "").replace(/^[\\"']+|[\\"',\]]+$/g, ""))
        .filter((word) => word !== "" && !word.startsWith("-"))
        .flatMap((word) => packageOf(word, ecosystem, line)),
    ),
  );
}

function packageOf(word: string, ecosystem: Ecosystem, line: number): readonly Dependency[] {
  if (ecosystem === "pypi") return pythonRequirement(word, line);
  const at = word.lastIndexOf(ecosystem === "packagist" ? ":" : "@");
  const [name, version] = at > 0 ? [word.slice(0, at), word.slice(at + 1)] : [word, ""];
  return [{ ecosystem, name, version, line }];
}
