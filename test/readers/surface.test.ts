import { describe, expect, it } from "vitest";
import type { Surface } from "../../src/core/finding.ts";
import { surfaceOf } from "../../src/readers/surface.ts";

const PATHS: Readonly<Partial<Record<Surface, string>>> = {
  production: `
    src/agent.py  app/latest/route.ts  package.json  requirements.txt  main.tf  Dockerfile  action.yml
    .github/CODEOWNERS  .github/countersign.yml  .github/ai-systems.yml  .github/copilot-instructions.md
    .github/instructions/api.instructions.md  .github/prompts/review.prompt.md  .github/agents/x.md
    AGENTS.md  docs/AGENTS.md  CLAUDE.md  GEMINI.md  .cursorrules  .cursor/rules/style.mdc  .claude/agents/reviewer.md
    .claude/skills/x/references/guide.md  SKILL.md  skills/pdf/SKILL.md  prompts/triage.md  src/prompts/system.md
    agents/reviewer.md  commands/fix.md  system_prompt.txt  prompts/support/refund.txt  x.prompty  chat.prompt
    evals/cases.yaml  eval/judge.py  src/testing.ts  src/contest/x.py  src/attestation.go  docsearch/index.ts
    src/Latest.java  notebook.ipynb  deploy/values.yaml  src/example_selector.ts  src/demo.py  data/history.json
    lib/changes.ts  support.txt  configs/development.env  tools/install.sh  src/spec.ts  src/few_shot_examples.py
    prompts/examples/refund.md  skills/pdf/examples/a.md  src/security.go  website/src/chat.ts  website/compose.bundle.yml  recipes/agent.yaml  openapi/spec/api.yaml
    src/playground/providers.py  app/playground/page.tsx  packages/web/src/playground/model.ts
  `,
  ci: `
    .github/workflows/test.yml  .github/actions/setup/action.yml  .gitlab-ci.yml  ci/build.gitlab-ci.yml  .gitlab/ci/x.yml
    Jenkinsfile  Jenkinsfile.release  .circleci/config.yml  azure-pipelines.yml  bitbucket-pipelines.yml  .travis.yml
    .buildkite/pipeline.yml  ci/run.sh  .ci/run  cloudbuild.yaml  .pre-commit-config.yaml  renovate.json  .github/dependabot.yml
  `,
  test: `
    tests/x.py  src/test/java/A.java  pkg/x_test.go  a/b.test.ts  a/b.spec.tsx  a/__tests__/c.js  test_agent.py  src/test_agent.py
    agent_test.py  spec/models/x_spec.rb  conftest.py  src/ChatServiceTest.java  Foo.Tests/Bar.cs  FooTests.cs  testdata/x.json
    src/__mocks__/openai.ts  fixtures/a.json  cassettes/x.yaml  e2e/flow.ts  tests/prompts/system.md  tests/AGENTS.md
    src/test-utils/x.ts  integration_tests/a.py  snapshot.snap  cypress/x.js  src/openai.mock.ts  app/androidTest/A.kt  tests.py
    fixtures/.claude/settings.json
  `,
  example: `
    examples/chat/main.py  example/x.ts  samples/a.cs  demo/app.py  cookbook/rag.ipynb  notebooks/a.ipynb  tutorials/x.py
    docs/examples/x.py  example-app/index.ts  example.py  sample-report.md
    .env.example  .env.sample  config.example.yaml  settings.sample.json  config.yml.dist  .env.template  env.example
    my-examples/x.ts  x.stories.tsx  quickstart/main.go  examples/prompts/a.md
    playground/main.ts  apps/playground/main.ts  packages/core/playground/main.ts
  `,
  docs: `
    README.md  docs/prompts/writing.md  docs/conf.py  CHANGELOG.md  CHANGELOG  LICENSE  NOTICE.txt  README.zh-CN.md  README_fr.txt
    guide.rst  site/page.mdx  wiki/x.md  .github/PULL_REQUEST_TEMPLATE.md  prompts/README.md  SECURITY.md  src/notes.md
    documentation/x.yaml  website/_data/board.yml  site/assets/a.json  .github/ISSUE_TEMPLATE/bug.yml
    .github/FUNDING.yml  .changeset/brave-cats.md
  `,
};

describe("where a file takes effect", () => {
  for (const [surface, paths] of Object.entries(PATHS)) {
    it.each(paths.trim().split(/\s+/))(`${surface}: %s`, (path) => {
      expect(surfaceOf(path)).toBe(surface);
    });
  }
});
