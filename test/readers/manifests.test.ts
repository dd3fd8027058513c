import { describe, expect, it } from "vitest";
import { commentsOf, literalsOf } from "./reading.ts";

describe("package manifests", () => {
  it("requirements: the constraint of each package, and options", () => {
    const text = `# pinned
openai==1.2.3  # why
Anthropic[bedrock, vertex] >= 0.3, < 1 ; python_version > "3.8"
tiktoken
local @ https://h/x.whl ; extra == "a"
-r base.txt
--extra-index-url https://h/simple
-e git+https://h/o/r.git@main#egg=thing
./vendored
cohere==5 \\
    --hash=sha256:abc \\
    --hash=sha256:def
`;
    expect(literalsOf("requirements-dev.txt", text)).toEqual([
      "2 openai = ==1.2.3",
      "3 Anthropic = >= 0.3, < 1",
      "4 tiktoken = ",
      "5 local = https://h/x.whl",
      "6 -r = base.txt",
      "7 --extra-index-url = https://h/simple",
      "8 thing = git+https://h/o/r.git@main#egg=thing",
      "9 -e = ./vendored",
      "10 cohere = ==5",
    ]);
    expect(commentsOf("requirements.txt", text)).toEqual(["1 pinned", "2 why"]);
  });

  it.each([
    "requirements.txt",
    "dev-requirements.txt",
    "requirements/base.in",
    "constraints.txt",
    "requirements_gpu.txt",
  ])("reads %s", (path) => {
    expect(literalsOf(path, "openai>=1")).toEqual(["1 openai = >=1"]);
  });

  it("go.mod", () => {
    const text = `module example.com/x // me
go 1.22
require github.com/a/b v1.2.3
require (
	github.com/c/d v0.1.0 // indirect
	"github.com/e/f" v2.0.0+incompatible
)
replace github.com/c/d => ../d
exclude (
	github.com/g/h v1.0.0
)
`;
    expect(literalsOf("go.mod", text)).toEqual([
      "1 module = example.com/x",
      "2 go = 1.22",
      "3 github.com/a/b = v1.2.3",
      "5 github.com/c/d = v0.1.0",
      "6 github.com/e/f = v2.0.0+incompatible",
      "8 replace/github.com/c/d = ../d",
      "10 exclude/github.com/g/h = v1.0.0",
    ]);
    expect(commentsOf("go.mod", text)).toEqual(["1 me", "5 indirect"]);
  });

  it("Gemfile and gem specification", () => {
    const text = `source "https://rubygems.org" # main
ruby "3.2"
gem "ruby-openai", "~> 6.0", ">= 6.1", require: "openai"
group :test do
  gem 'anthropic', git: 'https://h/o/r'
end
# gem "old"
`;
    expect(literalsOf("Gemfile", text)).toEqual([
      "1 source = https://rubygems.org",
      "2 ruby = 3.2",
      "3 ruby-openai = ~> 6.0, >= 6.1",
      "5 anthropic = https://h/o/r",
    ]);
    expect(commentsOf("Gemfile", text)).toEqual(["1 main", '7 gem "old"']);
    expect(literalsOf("x.gemspec", '  s.name = "x"\n  s.add_dependency "langchainrb", "~> 0.1"\n')).toEqual([
      "1 name = x",
      "2 langchainrb = ~> 0.1",
    ]);
  });

  it("Gradle", () => {
    const text = `plugins { // all
  id("com.x.ai") version "1.0"
}
/* old
implementation "no:no:1" */
dependencies {
  implementation("dev.langchain4j:langchain4j:0.36.0")
  testImplementation platform('org.x:bom:2.0')
  api "a.b:c"
}
val model = "gpt"
buildConfigField "String", "KEY", "v"
`;
    expect(literalsOf("build.gradle.kts", text)).toEqual([
      "2 com.x.ai = 1.0",
      "7 dev.langchain4j:langchain4j = 0.36.0",
      "8 org.x:bom = 2.0",
      "9 a.b:c = ",
      "11 model = gpt",
      "12 buildConfigField = String",
      "12 buildConfigField/1 = KEY",
      "12 buildConfigField/2 = v",
    ]);
    expect(commentsOf("build.gradle", text)).toEqual(["1 all", '4 old\nimplementation "no:no:1"']);
  });

  it("npm, Python, Rust and .NET manifests are read as their formats", () => {
    expect(literalsOf("package.json", '{"dependencies": {"openai": "^4"}}')).toEqual(["1 dependencies/openai = ^4"]);
    expect(literalsOf("pyproject.toml", '[project]\ndependencies = ["openai>=1"]\n')).toEqual([
      "2 project/dependencies/0 = openai>=1",
    ]);
    expect(literalsOf("Cargo.toml", '[dependencies]\nasync-openai = { version = "0.2" }\n')).toEqual([
      "2 dependencies/async-openai/version = 0.2",
    ]);
    expect(literalsOf("Pipfile", '[packages]\nopenai = "*"\n')).toEqual(["2 packages/openai = *"]);
    expect(
      literalsOf(
        "x.csproj",
        '<Project><ItemGroup><PackageReference Include="OpenAI" Version="2.0" /></ItemGroup></Project>',
      )[1],
    ).toBe("1 Project/ItemGroup/PackageReference/OpenAI = 2.0 (number)");
  });
});
