import type { Surface } from "../core/finding.ts";

/** Instructions that agents load by name wherever they lie: they look like documentation and are not. */
const LIVE_NAME =
  /^(?:(?:AGENTS?|CLAUDE|GEMINI|QWEN|WARP|CONVENTIONS|SKILL|SYSTEM|SOUL)(?:\.(?:local|override))?\.md|\.?(?:cursorrules|clinerules|windsurfrules|goosehints|roorules|aiderules|rules)|copilot-instructions\.md|.*\.(?:prompt|prompty|mdc|instructions\.md|prompt\.md|chatmode\.md|agent\.md)|system[_-]?prompts?\.(?:md|txt))$/i;

/** Folders whose text agents or programs read as instructions. */
const LIVE_FOLDERS = new Set(
  `.claude .cursor .clinerules .windsurf .roo .codex .gemini .opencode .kiro .amazonq .continue .agents .aider .goose
   .junie .augment .trae .qwen`.split(/\s+/),
);

/** Folders whose Markdown is content of the program; documentation folders above them win. */
const PROMPT_FOLDERS =
  /^(?:.*[-_.])?(?:prompts?|agents?|sub-?agents|skills?|commands|instructions|personas?|chatmodes|system[-_]messages?|rules)$/;

const TEST_FOLDER =
  /^(?:tests?|__tests?__|e2e|__e2e__|mocks?|__mocks__|fixtures?|__fixtures__|__snapshots__|testdata|test[-_]data|test[-_]?suites?|test[-_]?resources|test[-_]?utils|unit[-_]?tests?|unittests?|integration[-_]?tests?|functional[-_]?tests?|acceptance[-_]?tests?|regression[-_]?tests?|cassettes|vcr_cassettes|cypress|stubs|test[-_].*|.*[-_.](?:unit|integration|functional|acceptance)?tests?|(?:android|ios|unit|common|jvm|integration)test)$/;
const TEST_CODE_FOLDER = /^specs?$/;
const TEST_FILE =
  /(?:^(?:tests?|specs?)[-_].*\.(?:py|rb|rs|js|mjs|cjs|ts|php|sh|lua|jl|r|c|cc|cpp)|[-_](?:test|tests|spec|specs|unittest)\.\w{1,4}|\.(?:test|tests|spec|specs|cy|e2e|mock|mocks|fixture|fixtures)\.\w{1,4}|^(?:conftest|tests|test)\.(?:py|rs)|^(?:vitest|jest|playwright|cypress|karma)[.-](?:setup|global[-.]?setup)\.\w{1,4}|\.(?:snap|cassette|ambr))$/i;
/** Classes of the JVM, .NET, PHP and Swift: `ChatServiceTest.java`, where case tells `Latest.java` apart. */
const TEST_CLASS =
  /(?:[a-z0-9_](?:Tests?|Spec|IT|TestCase)|^Tests?[A-Z]\w*)\.(?:java|kt|kts|cs|fs|vb|php|swift|scala|groovy)$/;

const EXAMPLE_FOLDER =
  /^(?:examples?|samples?|demos?|cookbooks?|notebooks?|tutorials?|quickstarts?|quick[-_]start|walkthroughs?|example[-_].*|sample[-_].*|.*[-_]examples?|.*[-_]samples?|.*[-_.]demos?|.*[-_.]cookbook|.*[-_]tutorials?)$/;
/** A playground beside the packages tries them out; one inside the source is a part of the product that people use. */
const PLAYGROUND_FOLDER = /^playgrounds?$/;
const PACKAGES_FOLDER = /^(?:packages?|apps|libs|modules|crates|plugins|projects|workspaces)$/;
/** Single examples and configuration to copy. `few_shot_examples.py` is none, but content of a prompt. */
const EXAMPLE_FILE =
  /(?:^(?:example|sample)\.\w{1,5}|^(?:examples?|samples?)[-_.].*\.(?:ya?ml|json[c5]?|toml|ini|cfg|conf|env|txt|md|ipynb|tfvars|xml)|(?:env|config|configuration|settings|values|compose|secrets?|credentials|properties)[-_](?:example|sample)(?:\.\w{1,6})?|\.(?:examples?|samples?|dist)(?:\.\w{1,6})?|\.(?:env|vars)\.(?:template|tmpl|tpl|defaults?)|^env[-_.](?:template|tmpl|tpl)|\.stories\.\w{1,4})$/;

const DOCS_FOLDER = /^(?:docs?|documentation|wiki|changelogs?|\.changeset|changes\.d|newsfragments|adrs?)$/;
/** Named after documentation: beside other programs (`apps/docs-search`, `src/docs_agent`) one that works with it. */
const DOCS_NAMED_FOLDER = /^(?:docs[-_.].*|.*[-_]docs?)$/;
const SOURCE_FOLDER = /^(?:src|app|server|backend|services|agents|tools|internal|pkg|cmd)$/;
/** Folders of a site, whose data and pages are documentation and whose programs are not. */
const SITE_FOLDER = /^(?:website|site|_data|_posts|_pages|issue_template|discussion_template)$/;
/** What deploys the site. */
const SITE_DEPLOYMENT =
  /^(?:(?:docker-)?compose[\w.-]{0,40}\.ya?ml|(?:serverless|render|app)\.ya?ml|(?:vercel|wrangler|firebase)\.json)$/;
const SITE_FILE = /\.(?:ya?ml|json|jsonl|csv|html?|txt|svg)$/;
const DOCS_FILE =
  /^(?:(?:readme|changelog|changes|history|contributing|contributors|licen[cs]e|copying|notice|security|code[-_]of[-_]conduct|news|release[-_]notes|roadmap|authors|maintainers|todo|faq)(?:[-_][a-z]{2}(?:[-_][a-z]{2,4})?)?(?:\.txt|\.html?|\.pdf)?|.*\.(?:md|mdx|markdown|rst|adoc|asciidoc|org|textile|rdoc|pod))$/;

const CI_FOLDERS = new Set(
  ".circleci .buildkite .woodpecker .tekton .teamcity .semaphore .azure-pipelines .azuredevops .pipelines .ci ci .gitea .forgejo .drone .jenkins".split(
    " ",
  ),
);
const CI_FILE =
  /^(?:.*\.gitlab-ci\.ya?ml|jenkinsfile(?:[-_.].*)?|.*\.jenkinsfile|azure-pipelines?.*\.ya?ml|bitbucket-pipelines\.ya?ml|\.travis\.ya?ml|\.drone\.ya?ml|\.?appveyor\.ya?ml|\.woodpecker\.ya?ml|\.cirrus\.ya?ml|cloudbuild.*\.ya?ml|buildspec.*\.ya?ml|codefresh\.ya?ml|wercker\.ya?ml|screwdriver\.ya?ml|\.?codecov\.ya?ml|\.pre-commit-config\.ya?ml|\.?renovate(?:rc)?(?:\.json5?)?|dependabot\.ya?ml|\.mergify\.ya?ml|earthfile|dagger\.json)$/;

/** Where a file takes effect, by its folders and name alone. What is not known to be quiet is production. */
export function surfaceOf(path: string): Surface {
  const folders = path.split("/");
  const name = folders.pop() ?? "";
  const lower = folders.map((folder) => folder.toLowerCase());
  if (isCi(lower, name.toLowerCase())) return "ci";
  if (lower.some((folder) => TEST_FOLDER.test(folder)) || isTestFile(lower, name)) return "test";
  const live = lower.some((folder) => LIVE_FOLDERS.has(folder)) || isGithubInstruction(lower);
  if (live) return "production";
  if (isExampleFolder(lower) || EXAMPLE_FILE.test(name.toLowerCase())) return "example";
  if (LIVE_NAME.test(name)) return "production";
  return isDocs(lower, name.toLowerCase()) ? "docs" : "production";
}

function isCi(folders: readonly string[], name: string): boolean {
  const [first = "", second = ""] = folders;
  if (
    (first === ".github" || first === ".gitea" || first === ".forgejo") &&
    /^(?:workflows|actions|scripts)$/.test(second)
  )
    return true;
  return CI_FOLDERS.has(first) || (first === ".gitlab" && second === "ci") || CI_FILE.test(name);
}

function isTestFile(folders: readonly string[], name: string): boolean {
  if (TEST_FILE.test(name) || TEST_CLASS.test(name)) return true;
  return folders.some((folder) => TEST_CODE_FOLDER.test(folder)) && /\.(?:rb|[cm]?[jt]sx?|py|php)$/i.test(name);
}

/** Examples below a folder of prompts are what the prompts show the model. */
function isExampleFolder(folders: readonly string[]): boolean {
  const beside = PACKAGES_FOLDER.test(folders[0] ?? "") ? 2 : 0;
  const at = folders.findIndex(
    (folder, depth) => EXAMPLE_FOLDER.test(folder) || (depth <= beside && PLAYGROUND_FOLDER.test(folder)),
  );
  return at >= 0 && !folders.slice(0, at).some((folder) => /^(?:.*[-_.])?(?:prompts?|skills?)$/.test(folder));
}

/** `.github` holds live instructions beside templates and workflows. */
function isGithubInstruction(folders: readonly string[]): boolean {
  const at = folders.indexOf(".github");
  return at >= 0 && /^(?:instructions|prompts|chatmodes|agents|copilot|skills)$/.test(folders[at + 1] ?? "");
}

function isDocsFolder(folder: string, parent: string): boolean {
  if (DOCS_FOLDER.test(folder)) return true;
  return DOCS_NAMED_FOLDER.test(folder) && !PACKAGES_FOLDER.test(parent) && !SOURCE_FOLDER.test(parent);
}

function isDocs(folders: readonly string[], name: string): boolean {
  if (folders.some((folder, depth) => isDocsFolder(folder, folders[depth - 1] ?? ""))) return true;
  if (SITE_FILE.test(name) && !SITE_DEPLOYMENT.test(name) && folders.some((folder) => SITE_FOLDER.test(folder)))
    return true;
  if (folders[0] === ".github" && name === "funding.yml") return true;
  if (!DOCS_FILE.test(name)) return false;
  return !folders.some((folder) => PROMPT_FOLDERS.test(folder)) || /^(?:readme|changelog|contributing)\b/.test(name);
}
