import type { Confidence } from "../../core/finding.ts";

/** A vendor's own notation of a secret, told by its shape alone. */
export interface SecretFormat {
  readonly format: string;
  /** Lower-case pieces of which a file with such a value holds one. */
  readonly literals: readonly string[];
  /** The value; the boundaries around it are added. Quantifiers are bounded, so that a match costs its length. */
  readonly body: string;
  /** `likely` where the shape is also that of a public value, of another vendor's or of a plain identifier. */
  readonly confidence: Confidence;
}

/** Format, lower-case pieces of which a file holds one, the value, and `?` where its shape alone does not prove it. */
type Row = readonly [format: string, literals: string, body: string, unproven?: "?"];

/**
 * Formats that the kept rule set does not know, from the vendors' published documentation: providers of models and tools for
 * agents first, then clouds, repositories, payment, messaging.
 */
const ROWS: readonly Row[] = [
  ["anthropic", "sk-ant-", "sk-ant-(?:admin|oat|ort|sid)[0-9]{2}-[A-Za-z0-9_-]{80,200}"],
  ["openai-like", "sk-", "sk-(?:[a-f0-9]{32}|[A-Za-z0-9]{48}|[A-Za-z0-9]{64})", "?"],
  ["openai", "t3blbkfj", "sk-(?:proj-|svcacct-|admin-)?[A-Za-z0-9_-]{20,80}T3BlbkFJ[A-Za-z0-9_-]{20,80}"],
  ["openrouter", "sk-or-v1-", "sk-or-v1-[a-f0-9]{64}"],
  ["langfuse", "sk-lf-", "sk-lf-[a-f0-9]{8}(?:-[a-f0-9]{4}){3}-[a-f0-9]{12}"],
  ["langsmith", "lsv2_", "lsv2_(?:pt|sk)_[a-f0-9]{32}_[a-f0-9]{10}"],
  ["google-api", "aiza", "AIza[A-Za-z0-9_-]{35}", "?"],
  ["google-oauth", "gocspx-", "GOCSPX-[A-Za-z0-9_-]{28}"],
  ["google-access", "ya29.", "ya29\\.[A-Za-z0-9_-]{60,500}"],
  ["xai", "xai-", "xai-[A-Za-z0-9]{70,90}"],
  ["perplexity", "pplx-", "pplx-[A-Za-z0-9]{48,56}"],
  ["replicate", "r8_", "r8_[A-Za-z0-9]{37}"],
  ["huggingface-organization", "api_org_", "api_org_[A-Za-z]{34}"],
  ["nvidia", "nvapi-", "nvapi-[A-Za-z0-9_-]{60,80}"],
  ["together", "tgp_v1_", "tgp_v1_[A-Za-z0-9_-]{43}"],
  ["cerebras", "csk-", "csk-[a-z0-9]{48}"],
  ["elevenlabs", "sk_", "sk_[a-f0-9]{48}"],
  ["pinecone", "pcsk_", "pcsk_[A-Za-z0-9]{5,6}_[A-Za-z0-9]{50,70}"],
  ["tavily", "tvly-", "tvly-(?:dev-|prod-)?[A-Za-z0-9]{32}"],
  ["firecrawl", "fc-", "fc-[a-f0-9]{32}", "?"],
  ["e2b", "e2b_", "e2b_[a-f0-9]{40}"],
  ["jina", "jina_", "jina_[a-f0-9]{32}[A-Za-z0-9_-]{28}"],
  ["llama-cloud", "llx-", "llx-[A-Za-z0-9]{48}"],
  ["aws-bedrock", "absk", "ABSK[A-Za-z0-9+/]{109,269}={0,2}"],
  ["aws-bedrock", "bedrock-api-key-", "bedrock-api-key-[A-Za-z0-9+/]{30,4000}={0,2}"],
  ["azure-storage", "accountkey=", "AccountKey=[A-Za-z0-9+/]{86}=="],
  ["azure-service-bus", "sharedaccesskey=", "SharedAccessKey=[A-Za-z0-9+/]{43}="],
  ["azure-client", "q~", "[A-Za-z0-9_~.]{3}[0-9]Q~[A-Za-z0-9_~.-]{31,34}(?![~.-])"],
  [
    "azure-key",
    "jqqj9",
    "[A-Za-z0-9]{52}JQQJ9[9D][A-Za-z0-9][A-L][A-Za-z0-9]{16}[A-Za-z][A-Za-z0-9]{7}(?:[A-Za-z0-9]{2}==)?",
  ],
  ["alibaba", "ltai", "LTAI[A-Za-z0-9]{16,20}", "?"],
  ["tencent", "akid", "AKID[A-Za-z0-9]{32}", "?"],
  ["yandex", "aqvn", "AQVN[A-Za-z0-9_-]{35,38}"],
  ["digitalocean", "_v1_", "do[por]_v1_[a-f0-9]{64}"],
  ["heroku", "hrku-", "HRKU-AA[A-Za-z0-9_-]{58}"],
  ["fly", "fo1_", "fo1_[A-Za-z0-9_-]{43}"],
  ["fly", "fm1r_|fm1a_|fm2_", "fm(?:1[ar]|2)_[A-Za-z0-9+/=]{100,2000}"],
  ["netlify", "nfp_", "nfp_[A-Za-z0-9]{36}"],
  ["supabase", "sbp_", "sbp_(?:oauth_|v0_)?[a-f0-9]{40}"],
  ["supabase", "sb_secret_", "sb_secret_[A-Za-z0-9_-]{22}_[A-Za-z0-9_-]{8}"],
  ["planetscale", "pscale_", "pscale_(?:pw|tkn|oauth)_[A-Za-z0-9=._-]{32,64}"],
  ["doppler", "dp.", "dp\\.(?:pt|ct|sa|scim|audit|st(?:\\.[a-z0-9_-]{2,35})?)\\.[A-Za-z0-9]{40,44}"],
  ["pulumi", "pul-", "pul-[a-f0-9]{40}"],
  ["terraform", ".atlasv1.", "[A-Za-z0-9]{14}\\.atlasv1\\.[A-Za-z0-9_=-]{60,70}"],
  ["vault-legacy", "hvs.", "hvs\\.[A-Za-z0-9]{24}", "?"],
  [
    "private-key",
    "private key",
    "-----BEGIN (?:[A-Z0-9]{2,10} ){0,2}PRIVATE KEY(?: BLOCK)?-----[A-Za-z0-9+/=\\s\\\\:.,()]{64,20000}-----END",
    "?",
  ],
  ["age", "age-secret-key-1", "AGE-SECRET-KEY-1[QPZRY9X8GF2TVDW0S3JN54KHCE6MUA7L]{58}"],
  ["1password", "a3-", "A3-[A-Z0-9]{6}-(?:[A-Z0-9]{11}|[A-Z0-9]{6}-[A-Z0-9]{5})(?:-[A-Z0-9]{5}){3}"],
  [
    "gitlab",
    "glrt-|gldt-|glptt-|glcbt-|glft-|glimt-|glsoat-|glagent-|gloas-|glffct-",
    "(?:glrt-(?:t[0-9]_)?|gldt-|glptt-|glcbt-(?:[0-9a-f]{1,5}_)?|glft-|glimt-|glsoat-|glagent-|gloas-|glffct-)[A-Za-z0-9_-]{20,70}",
  ],
  ["gitlab", "gr1348941", "GR1348941[A-Za-z0-9_-]{20}"],
  ["atlassian", "atatt3", "ATATT3[A-Za-z0-9_=-]{180,200}"],
  ["bitbucket", "atbb", "ATBB[A-Za-z0-9]{32}", "?"],
  ["docker", "dckr_oat_", "dckr_oat_[A-Za-z0-9_-]{27,32}"],
  ["artifactory", "akcp", "AKCp[A-Za-z0-9]{69}"],
  ["artifactory", "cmvmdgtu", "cmVmdGtu[A-Za-z0-9]{56}"],
  ["pypi", "pypi-age", "pypi-AgE(?:IcHlwaS5vcmc|NdGVzdC5weXBpLm9yZw)[A-Za-z0-9_-]{50,1000}"],
  ["rubygems", "rubygems_", "rubygems_[a-f0-9]{48}"],
  ["nuget", "oy2", "oy2[a-z0-9]{43}"],
  ["clojars", "clojars_", "CLOJARS_[A-Za-z0-9]{60}"],
  ["sourcegraph", "sgp_", "sgp_(?:(?:[a-fA-F0-9]{16}|local)_)?[a-fA-F0-9]{40}"],
  ["sonar", "squ_|sqa_|sqp_", "sq[uap]_[a-f0-9]{40}"],
  ["openshift", "sha256~", "sha256~[A-Za-z0-9_-]{43}"],
  ["sentry", "sntrys_", "sntrys_eyJ[A-Za-z0-9+/=]{60,400}(?:_[A-Za-z0-9+/]{43})?"],
  ["sentry", "sntryu_", "sntryu_[a-f0-9]{64}"],
  ["new-relic", "nrak-", "NRAK-[A-Z0-9]{27}"],
  ["new-relic", "nrii-", "NRII-[A-Za-z0-9-]{32}"],
  ["dynatrace", "dt0c01.", "dt0c01\\.[A-Z2-7]{24}\\.[A-Z2-7]{64}"],
  ["grafana", "eyjrijoi", "eyJrIjoi[A-Za-z0-9]{70,400}={0,3}", "?"],
  ["postman", "pmak-", "PMAK-[a-f0-9]{24}-[a-f0-9]{34}"],
  ["prefect", "pnu_", "pnu_[A-Za-z0-9]{36}"],
  ["readme", "rdme_", "rdme_[a-z0-9]{70}"],
  ["infracost", "ico-", "ico-[A-Za-z0-9]{32}"],
  ["airtable", "airtable", "pat[A-Za-z0-9]{14}\\.[a-f0-9]{64}"],
  ["harness", "pat.|sat.", "[ps]at\\.[A-Za-z0-9_-]{22}\\.[A-Za-z0-9]{24}\\.[A-Za-z0-9]{20}"],
  ["hubspot", "pat-", "pat-(?:na|eu)1-[a-f0-9]{8}(?:-[a-f0-9]{4}){3}-[a-f0-9]{12}"],
  ["typeform", "tfp_", "tfp_[A-Za-z0-9._=-]{59}"],
  ["contentful", "cfpat-", "CFPAT-[A-Za-z0-9_-]{43}"],
  [
    "slack",
    "xoxe",
    "xoxe(?:\\.xox[bp]-[0-9]-[A-Za-z0-9]{163,166}|-[0-9]-[A-Za-z0-9]{146}|(?:-[0-9]{10,13}){3}-[a-z0-9]{28,34})",
  ],
  ["slack", "xoxb-|xoxp-|xoxa-|xoxr-|xoxs-", "xox[bpars]-[0-9]{8,14}-[A-Za-z0-9-]{17,119}[A-Za-z0-9](?![-])"],
  [
    "slack-webhook",
    "hooks.slack.com",
    "hooks\\.slack\\.com/(?:workflows/T[A-Z0-9]{7,12}/A[A-Z0-9]{7,12}/[0-9]{15,20}/[A-Za-z0-9]{20,30}|triggers/[A-Z0-9]{8,13}/[0-9]{10,15}/[a-f0-9]{30,40})",
  ],
  ["telegram", ":aa", "(?:bot)?[0-9]{8,10}:AA[A-Za-z0-9_-]{33}"],
  ["discord", "discord", "[MNO][A-Za-z0-9_-]{23,25}\\.[A-Za-z0-9_-]{6}\\.[A-Za-z0-9_-]{27,38}", "?"],
  [
    "discord-webhook",
    "/api/webhooks/",
    "https://(?:[a-z]{1,10}\\.)?discord(?:app)?\\.com/api/webhooks/[0-9]{17,20}/[A-Za-z0-9_-]{60,80}",
  ],
  [
    "teams-webhook",
    "webhook.office.com/webhookb2/",
    "https://[a-z0-9-]{1,63}\\.webhook\\.office\\.com/webhookb2/[a-z0-9@-]{60,90}/IncomingWebhook/[a-z0-9]{32}/[a-z0-9-]{36}",
  ],
  ["twilio", "twilio", "SK[a-f0-9]{32}", "?"],
  ["sendgrid", "sg.", "SG\\.[A-Za-z0-9_-]{22}\\.[A-Za-z0-9_-]{43}"],
  ["mailgun", "key-", "key-[a-f0-9]{32}", "?"],
  ["mailchimp", "-us1|-us2|-us3|-us4|-us5|-us6|-us7|-us8|-us9", "[a-f0-9]{32}-us[0-9]{1,2}"],
  ["sendinblue", "xkeysib-", "xkeysib-[a-f0-9]{64}-[A-Za-z0-9]{16}"],
  ["square", "sq0", "sq0(?:atp-[A-Za-z0-9_-]{22}|csp-[A-Za-z0-9_-]{43})"],
  ["square", "eaaa", "EAAA[A-Za-z0-9_-]{60}"],
  ["facebook", "eaa", "EAA[MC][A-Za-z0-9]{100,250}"],
  ["facebook", "facebook", "[0-9]{15,16}(?:\\||%7C)[A-Za-z0-9_-]{27,40}"],
  ["paypal-braintree", "access_token$", "access_token\\$(?:production|sandbox)\\$[a-z0-9]{16}\\$[a-f0-9]{32}"],
  ["flutterwave", "flwseck", "FLWSECK(?:_TEST)?-[a-h0-9]{12,32}(?:-X)?"],
  ["stripe", "k_prod_", "[sr]k_prod_[A-Za-z0-9]{10,110}", "?"],
  ["plaid", "access-", "access-(?:sandbox|development|production)-[a-f0-9]{8}(?:-[a-f0-9]{4}){3}-[a-f0-9]{12}"],
  ["lob", "lob", "(?:live|test)_[a-f0-9]{35}"],
  ["shippo", "shippo_", "shippo_(?:live|test)_[a-f0-9]{40}"],
  ["duffel", "duffel_", "duffel_(?:test|live)_[A-Za-z0-9_=-]{43}"],
  ["easypost", "ezak|eztk", "EZ[AT]K[A-Za-z0-9]{54}"],
  ["frame.io", "fio-u-", "fio-u-[A-Za-z0-9_=-]{64}"],
  ["intra42", "s-s4t2", "s-s4t2(?:ud|af)-[a-f0-9]{64}"],
  ["adobe", "p8e-", "p8e-[a-f0-9]{32}"],
  ["sidekiq", "contribsys", "[a-f0-9]{8}:[a-f0-9]{8}", "?"],
  ["adafruit", "aio_", "aio_[A-Za-z0-9]{28}"],
  ["scalingo", "tk-us-", "tk-us-[A-Za-z0-9_-]{48}"],
  ["maxmind", "_mmk", "[A-Za-z0-9]{6}_[A-Za-z0-9]{29}_mmk"],
  ["cloudflare-origin", "v1.0-", "v1\\.0-[a-f0-9]{24}-[a-f0-9]{146}"],
  ["json-web-token", "eyj", "eyJ[A-Za-z0-9_-]{12,2000}\\.eyJ[A-Za-z0-9_-]{10,8000}\\.[A-Za-z0-9_-]{20,2000}", "?"],
  ["aws-access-key-id", "akia|asia|abia|acca", "A(?:KIA|SIA|BIA|CCA)[A-Z2-7]{16}", "?"],
];

/** Vendors' formats that the kept rule set does not know. */
export const SECRET_FORMATS: readonly SecretFormat[] = ROWS.map(([format, literals, body, unproven]) => ({
  format,
  literals: literals.split("|"),
  body,
  confidence: unproven === "?" ? "likely" : "certain",
}));
