import { describe, expect, it } from "vitest";
import { commentsOf, literalsOf, sideOf } from "./reading.ts";

describe("XML", () => {
  it("attributes and texts, by elements", () => {
    const text = `<?xml version="1.0"?>
<!DOCTYPE x [ <!ENTITY e "v"> ]>
<project xmlns="urn:x">
  <!-- old
  one -->
  <dependency scope='test'>
    <artifactId>lang &amp; &#65;&#x42; &e;</artifactId>
    <version>
      1.5
    </version>
    <empty/>
  </dependency>
  <raw><![CDATA[a < b]]> c</raw>
</project>
`;
    expect(literalsOf("pom.xml", text)).toEqual([
      "6 project/dependency/scope = test",
      "7 project/dependency/artifactId = lang & AB &e;",
      "9 project/dependency/version = 1.5 (number)",
      "13 project/raw = a < b c",
    ]);
    expect(commentsOf("pom.xml", text)).toEqual(["4 old\n  one"]);
    expect(sideOf("pom.xml", text).parsed).toBe(true);
  });

  it("what an element configures is a part of the path, its value stands there", () => {
    const text = `<configuration>
  <appSettings>
    <add key="OpenAI:Model"
         value="gpt" />
  </appSettings>
  <PackageReference Include="OpenAI" Version="2.0.1" />
  <PackageReference Include="B"><Version>3</Version></PackageReference>
  <string name="prompt">Do it.</string>
</configuration>`;
    expect(literalsOf("App.config", text)).toEqual([
      "3 configuration/appSettings/add/key = OpenAI:Model",
      "4 configuration/appSettings/add/OpenAI:Model = gpt",
      "6 configuration/PackageReference/Include = OpenAI",
      "6 configuration/PackageReference/OpenAI = 2.0.1",
      "7 configuration/PackageReference/Include = B",
      "7 configuration/PackageReference/B/Version = 3 (number)",
      "8 configuration/string/name = prompt",
      "8 configuration/string/prompt = Do it.",
    ]);
  });

  it("a property list is read as what it lists", () => {
    const text = `<plist version="1.0"><dict>
<key>Model</key><string>gpt</string>
<key>On</key><true/>
<key>List</key><array><integer>1</integer><dict><key>a</key><string>b</string></dict></array>
</dict></plist>`;
    expect(literalsOf("Info.plist", text)).toEqual([
      "2 Model = gpt",
      "3 On = true (boolean)",
      "4 List/0 = 1 (number)",
      "4 List/1/a = b",
    ]);
  });

  it.each([
    "<a>",
    "<a></b>",
    "<a b></a>",
    "<a b='x></a>",
    "<a",
    "</a>",
    "<!-- x",
    "<![CDATA[ x",
    "<!DOCTYPE [",
    "text",
    "<a><b></a></b>",
  ])("%s is no XML", (text) => {
    expect(sideOf("a.xml", text).parsed).toBe(false);
  });
});
