import { describe, expect, it } from "vitest";
import {
  environmentName,
  isCredentialField,
  isCredentialIdentifier,
  isCredentialName,
  isDistinctCredentialName,
  nameLikeness,
} from "../../../src/detectors/credential/credential-name.ts";

describe("names of credentials", () => {
  it.each(
    "OPENAI_API_KEY HF_TOKEN GITHUB_TOKEN NPM_TOKEN WEBHOOK_SECRET DB_PASSWORD AWS_ACCESS_KEY_ID AWS_SECRET_ACCESS_KEY GH_PAT SMTP_PASSWD STRIPE_API_KEY_2 SES_PASSWORD_V4 GOOGLE_APPLICATION_CREDENTIALS PGVECTOR_CONNECTION_STRING SSH_PRIVATE_KEY".split(
      " ",
    ),
  )("%s, wherever it stands", (name) => expect(isDistinctCredentialName(name)).toBe(true));

  it.each(
    "DEPLOY_KEY_OLD MAX_TOKENS API_URL INVALID_TOKEN EOS_TOKEN PRIMARY_KEY CACHE_KEY SORT_KEY PUBLIC_KEY VAPID_PUBLIC_KEY SCHEMA_SECRET_KEY KEY Token api_key KEYBOARD MONKEY".split(
      " ",
    ),
  )("%s is none", (name) => expect(isCredentialName(name)).toBe(false));

  it.each("ACME_KEY RELEASE_TOKEN".split(" "))("%s, where something says that it is read from outside", (name) => {
    expect([isCredentialName(name), isDistinctCredentialName(name)]).toEqual([true, false]);
  });

  it.each("ACCESS_TOKEN REFRESH_TOKEN AUTH_TOKEN CLIENT_SECRET".split(" "))(
    "%s is often a constant of a program",
    (name) => expect([isDistinctCredentialName(name), isCredentialIdentifier(name)]).toEqual([true, false]),
  );

  it.each("api_key apiKey clientSecret smtp-password password webhook.secret accessToken".split(" "))(
    "%s as a field",
    (name) => expect(isCredentialField(name)).toBe(true),
  );
  it.each("primaryKey sortKey publicKey tokens keyboard passwordless maxTokens".split(" "))(
    "%s is no such field",
    (name) => expect(isCredentialField(name)).toBe(false),
  );

  it("are the same in every notation", () => {
    const notations = ["openai.apiKey", "OpenaiApiKey", "openai-api-key", "openai:api_key", "OPENAI_API_KEY"];
    expect(new Set(notations.map(environmentName))).toEqual(new Set(["OPENAI_API_KEY"]));
  });
});

describe("how alike names are", () => {
  it.each<readonly [string, string, boolean]>([
    ["NPM_TOKEN", "RELEASE_NPM_TOKEN", true],
    ["AZURE_OPENAI_KEY", "AZURE_OPENAI_API_KEY", true],
    ["iam_user_password", "this_iam_user_password", true],
    ["OPENAI_API_KEY", "ANTHROPIC_API_KEY", false],
    ["GITHUB_TOKEN", "NPM_TOKEN", false],
    ["API_KEY", "API_KEY", true],
  ])("%s and %s", (a, b, alike) => {
    expect(nameLikeness(a, b) >= 0.5).toBe(alike);
    expect(nameLikeness(a, b)).toBe(nameLikeness(b, a));
  });
});
