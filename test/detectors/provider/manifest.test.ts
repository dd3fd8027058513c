import { describe, expect, it } from "vitest";
import { dependenciesIn, namesPackages } from "../../../src/detectors/provider/manifest.ts";
import { providerOfPackage } from "../../../src/detectors/provider/provider-name.ts";
import { fileSide } from "../../../src/readers/file-side.ts";

function packages(path: string, text: string): readonly string[] {
  const file = fileSide({ path, mode: "100644", id: "0".repeat(40) }, Buffer.from(text));
  return dependenciesIn(file).all.map(({ ecosystem, name, version, line }) =>
    `${line} ${ecosystem} ${name} ${version}`.trim(),
  );
}

describe("packages that a manifest asks for", () => {
  it.each([
    [
      "package.json",
      '{\n"dependencies": { "a": "^1" },\n"devDependencies": { "b": "npm:c@2" },\n"scripts": { "d": "1" } }',
      ["2 npm a ^1", "3 npm c 2"],
    ],
    [
      "pnpm-workspace.yaml",
      "catalog:\n  a: ^1\ncatalogs:\n  old:\n    b: ^2\npackages: [x]\n",
      ["2 npm a ^1", "5 npm b ^2"],
    ],
    [
      "deno.json",
      '{ "imports": { "ai": "npm:openai@^4/helpers", "x": "./x.ts", "j": "jsr:@openai/openai@5" } }',
      ["1 npm openai ^4", "1 npm @openai/openai 5"],
    ],
    [
      "requirements-dev.txt",
      "-r base.txt\nOpenAI[extra] >= 1.2, <2 ; python_version > '3.9'  # why\ngit+https://example.com/x.git#egg=groq\n",
      ["2 pypi OpenAI >= 1.2, <2", "3 pypi groq git+https://example.com/x.git#egg=groq"],
    ],
    [
      "pyproject.toml",
      '[build-system]\nrequires = ["hatchling"]\n[project]\ndependencies = ["a>=1"]\n[project.optional-dependencies]\nx = ["b"]\n[dependency-groups]\ndev = ["c==3"]\n[tool.poetry.dependencies]\nd = "^4"\ne = { version = "5", extras = ["f"] }\n',
      ["4 pypi a >=1", "6 pypi b", "8 pypi c ==3", "10 pypi d ^4", "11 pypi e 5"],
    ],
    [
      "Pipfile",
      '[packages]\na = "*"\nb = { version = "==2" }\n[requires]\npython_version = "3.12"\n',
      ["2 pypi a *", "3 pypi b ==2"],
    ],
    [
      "environment.yml",
      "name: x\ndependencies:\n  - conda-forge::a=1.2\n  - pip:\n    - b==2\n",
      ["3 pypi a ==1.2", "5 pypi b ==2"],
    ],
    ["setup.py", 'setup(\n  install_requires=["a>=1", "b"],  # "c"\n)\n', ["2 pypi a >=1", "2 pypi b"]],
    ["setup.cfg", "[options]\ninstall_requires =\n    a>=1\n    b\n", ["3 pypi a >=1", "4 pypi b"]],
    [
      "go.mod",
      "module x\nrequire a.example/b/v2 v2.1.0\nrequire (\n\tc.example/d v1.0.0 // indirect\n\te.example/f v0.1.0\n)\n",
      ["2 go a.example/b v2.1.0", "5 go e.example/f v0.1.0"],
    ],
    ["Gemfile", 'source "https://rubygems.org"\ngem "a", "~> 1", require: false\n', ["2 gem a ~> 1"]],
    [
      "x.gemspec",
      'Gem::Specification.new do |spec|\n  spec.name = "x"\n  spec.add_dependency "a", ">= 1"\nend\n',
      ["3 gem a >= 1"],
    ],
    [
      "Cargo.toml",
      '[dependencies]\na = "1"\nb = { version = "2", package = "c" }\nd = { path = "../d" }\n[target."cfg(unix)".dev-dependencies.e]\nversion = "3"\n',
      ["2 cargo a 1", "3 cargo c 2", "4 cargo d", "6 cargo e 3"],
    ],
    [
      "build.gradle.kts",
      'dependencies {\n  implementation("g:a:1")\n  // implementation("g:b:1")\n  api(group = "g", name = "c", version = "2")\n}\n',
      ["2 maven g:a 1", "4 maven g:c 2"],
    ],
    [
      "gradle/libs.versions.toml",
      '[versions]\nv = "1"\n[libraries]\na = "g:a:2"\nb = { module = "g:b", version.ref = "v" }\nc = { group = "g", name = "c", version = "3" }\n',
      ["4 maven g:a 2", "5 maven g:b 1", "6 maven g:c 3"],
    ],
    [
      "pom.xml",
      `<project><properties><v>1</v></properties>\n<dependency>\n<groupId>g</groupId><artifactId>a</artifactId><version>$${"{v}"}</version>\n</dependency>\n<dependency><groupId>g</groupId><artifactId>b</artifactId></dependency></project>`,
      ["2 maven g:a 1", "5 maven g:b"],
    ],
    [
      "build.sbt",
      'libraryDependencies += "g" % "a" % "1"\nlibraryDependencies += "g" %% "b" % "2"\n',
      ["1 maven g:a 1", "2 maven g:b 2"],
    ],
    [
      "x.csproj",
      '<Project>\n<PackageReference Include="A" Version="1" />\n<PackageReference Include="B">\n</Project>',
      ["2 nuget A 1", "3 nuget B"],
    ],
    ["Directory.Packages.props", '<PackageVersion Include="A" Version="1" />', ["1 nuget A 1"]],
    [
      "composer.json",
      '{ "require": { "php": "^8", "a/b": "^1" }, "autoload": { "psr-4": { "c/d": "e" } } }',
      ["1 packagist php ^8", "1 packagist a/b ^1"],
    ],
    ["pubspec.yaml", "name: x\ndependencies:\n  a: ^1\n  b:\n    version: ^2\n", ["3 pub a ^1", "5 pub b ^2"]],
    [
      "mix.exs",
      'defp deps do\n  [\n    {:a, "~> 1"},\n    {:b, path: "../b"}\n  ]\nend\n',
      ["3 hex a ~> 1", "4 hex b"],
    ],
    [
      "Dockerfile",
      "FROM x\n# RUN pip install z\nRUN pip install -U a==1 'b>=2' && npm i -g c@3\nRUN go get d.example/e@v1 \\\n  f.example/g\n",
      ["3 pypi a ==1", "3 pypi b >=2", "3 npm c 3", "5 go d.example/e v1", "5 go f.example/g"],
    ],
    [".github/workflows/a.yml", "jobs:\n  a:\n    steps:\n      - run: pip install a\n", ["4 pypi a"]],
    [
      "scripts/setup.sh",
      "gem install a; composer require b/c:^1\ndotnet add src/X.csproj package D\ncargo add e@1\n",
      ["1 gem a", "1 packagist b/c ^1", "2 nuget D", "3 cargo e 1"],
    ],
  ])("%s", (path, text, expected) => {
    expect(namesPackages(path)).toBe(true);
    const found = packages(path, text);
    expect(found).toEqual(expected);
  });

  it.each(["src/package.ts", "docs/requirements.md", "go.work", "README.md", "Makefile.am"])("%s is none", (path) => {
    expect(namesPackages(path)).toBe(false);
  });

  it.each([
    [
      "package-lock.json",
      '{\n  "packages": {\n    "node_modules/openai": {\n      "version": "4.1.0"\n    }\n  }\n}\n',
      "npm openai 4.1.0",
    ],
    ["yarn.lock", 'openai@^4.0.0:\n  version "4.1.0"\n', "npm openai 4.1.0"],
    ["poetry.lock", '[[package]]\nname = "openai"\nversion = "1.2.3"\n', "pypi openai 1.2.3"],
    ["go.sum", "github.com/sashabaranov/go-openai v1.2.3 h1:abc=\n", "go github.com/sashabaranov/go-openai v1.2.3"],
    ["Gemfile.lock", "GEM\n  specs:\n    ruby-openai (6.3.0)\n", "gem ruby-openai 6.3.0"],
  ])("%s is read as a lock file", (path, text, expected) => {
    expect(packages(path, text).map((found) => found.replace(/^\d+ /, ""))).toEqual([expected]);
  });
});

describe("the provider of a package", () => {
  it.each([
    ["openai", "npm", "openai"],
    ["@anthropic-ai/bedrock-sdk", "npm", "aws-bedrock"],
    ["@anthropic-ai/claude-agent-sdk", "npm", "anthropic"],
    ["LangChain_OpenAI", "pypi", "openai"],
    ["llama-index-llms-openai-like", "pypi", "openai"],
    ["github.com/aws/aws-sdk-go-v2/service/bedrockruntime", "go", "aws-bedrock"],
    ["github.com/sashabaranov/go-openai/jsonschema", "go", "openai"],
    ["dev.langchain4j:langchain4j-open-ai-spring-boot-starter", "maven", "openai"],
    ["azure.ai.openai", "nuget", "azure-openai"],
    ["openapi", "npm", null],
    ["openai-color-theme", "npm", null],
    ["cohere-grid", "pypi", null],
    ["github.com/sashabaranov/go-openai-fork", "go", null],
    ["openai", "gem", "openai"],
    ["anthropic", "maven", null],
  ] as const)("of %s in %s is %s", (name, ecosystem, provider) => {
    expect(providerOfPackage(name, ecosystem)).toBe(provider);
  });
});
