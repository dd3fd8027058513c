import type { Fact, FileSide } from "../../core/detector.ts";
import { surfaceOfTemplate } from "../deployment-template.ts";
import { confidenceIn } from "../distinct-facts.ts";
import { askedInARow } from "../memoised.ts";
import { withEmbedded } from "../model/model-embedded.ts";
import { boundPrompts } from "./prompt-binding.ts";
import { promptFacts } from "./prompt-facts.ts";

/** The rule of prompts in source code. */
export const PROMPT_CODE = "prompt/code";
/** The rule of prompts in data files. */
export const PROMPT_FIELD = "prompt/field";

const CODE =
  /\.(?:py|pyi|ipynb|[cm]?[jt]sx?|vue|svelte|astro|go|java|kts?|groovy|scala|cs|fs|rb|rs|php|sh|bash|zsh|ps1|swift|dart|ex|exs|lua|r|jl|clj|cpp|cc|c|h|hpp|m|mm|pl|baml)$/i;
const DATA =
  /\.(?:ya?ml|jsonc?|json5|toml|ini|cfg|conf|properties|xml|env|tf|hcl|tfvars)$|(?:^|\/)\.env[._-][\w.-]{1,40}$/i;
/** Data files that hold words for people or for package managers. */
const OTHER_WORDS =
  /(?:^|\/)(?:locales?|i18n|l10n|lang|langs|languages|translations?|messages|__snapshots__|node_modules|vendor|dist)\/|(?:^|\/)(?:package(?:-lock)?|tsconfig[^/]*|composer|deno|angular|nx|turbo|renovate|biome|vercel|manifest|swagger[^/]*|openapi[^/]*)\.(?:jsonc?|ya?ml)$|promptfooconfig[^/]*$|\.(?:min\.js|map|lock|snap)$|(?:^|\/)(?:pnpm-lock|mkdocs|codecov|\.pre-commit-config)\.ya?ml$|(?:^|\/)(?:pyproject|Cargo)\.toml$/i;

/** Data that programs wrote: what was asked and answered in runs of the past. */
const RECORDED =
  /(?:^|\/)(?:[\w]{1,30}[-_])?(?:results?|outputs?|runs|logs|traces?|trajector(?:y|ies)|trajs|recordings?|cassettes|dumps?|snapshots?|leaderboards?|transcripts?)\/(?:[^/]+\/){0,8}[^/]+\.(?:jsonc?|ya?ml|xml)$/i;

/** The rule under which a file's bound prompts go; null where none are looked for. */
export const boundRule = askedInARow((path): string | null => {
  if (OTHER_WORDS.test(path)) return null;
  if (CODE.test(path)) return PROMPT_CODE;
  return DATA.test(path) && !RECORDED.test(path) ? PROMPT_FIELD : null;
});

/** The prompts that code or data binds to a name, a call or a role; all of a data file's words where it is loaded as prompts. */
export function boundPromptFacts(file: FileSide, rule: string, loaded: boolean): readonly Fact[] {
  const data = rule === PROMPT_FIELD;
  const surface = surfaceOfTemplate(file);
  return boundPrompts(data ? withEmbedded(file) : file, loaded && data).flatMap(({ literal, label }) =>
    promptFacts({ rule, text: literal.value, label, line: literal.line, confidence: confidenceIn(file) }).map(
      (fact) => ({ ...fact, ...surface }),
    ),
  );
}
