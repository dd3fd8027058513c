// Written by scripts/model-catalogue.ts; do not edit.

/** Where the catalogue comes from. */
export const MODEL_CATALOGUE_SOURCE = {
  models: "@earendil-works/pi-ai 1.5.2 (MIT)",
  retirements: {
    compiled: "2026-11-25",
    provenance:
      "From stored copies and quotations of the pages below, older dates from general knowledge; not checked against the live pages.",
    openai: "https://developers.openai.com/api/docs/deprecations",
    anthropic: "https://platform.claude.com/docs/en/about-claude/model-deprecations",
    google: "https://ai.google.dev/gemini-api/docs/deprecations",
  },
} as const;

/** One model a line: id, provider, family, snapshot or nothing, date of retirement or nothing, divided by single spaces. */
export const MODEL_CATALOGUE = `
@cf/cloudflare/clef cloudflare clef
@cf/cloudflare/clef-flash cloudflare clef-flash
@cf/cloudflare/clef-omni cloudflare clef-omni
accounts/fireworks/models/ember-1 models ember-1
aion-labs/aion-2.0 aion-labs aion-2.0
aion-labs/aion-3.0 aion-labs aion-3.0
aion-labs/aion-3.0-mini aion-labs aion-3.0-mini
aion-labs/aion-3.5 aion-labs aion-3.5
aion-labs/aion-3.5-mini aion-labs aion-3.5-mini
baseten/elephant-1 baseten elephant-1
baseten/joey-1 baseten joey-1
baseten/mammoth-1 baseten mammoth-1
callstack/apex callstack apex
chatgpt-image-latest openai chatgpt-image  2026-12-01
claude-1.0 anthropic claude-1.0  2024-11-06
claude-1.1 anthropic claude-1.1  2024-11-06
claude-1.2 anthropic claude-1.2  2024-11-06
claude-1.3 anthropic claude-1.3  2024-11-06
claude-2.0 anthropic claude-2.0  2025-07-21
claude-2.1 anthropic claude-2.1  2025-07-21
claude-3-5-haiku-20241022 anthropic claude-3-5-haiku 20241022 2026-02-19
claude-3-5-sonnet-20240620 anthropic claude-3-5-sonnet 20240620 2025-10-28
claude-3-5-sonnet-20241022 anthropic claude-3-5-sonnet 20241022 2025-10-28
claude-3-7-sonnet-20250219 anthropic claude-3-7-sonnet 20250219 2026-02-19
claude-3-opus-20240229 anthropic claude-3-opus 20240229 2026-01-05
claude-3-sonnet-20240229 anthropic claude-3-sonnet 20240229 2025-07-21
claude-fable-5 anthropic claude-fable-5
claude-fable-5-1 anthropic claude-fable-5-1
claude-fable-5-2 anthropic claude-fable-5-2
claude-haiku-4-5 anthropic claude-haiku-4-5
claude-haiku-4-5-20251001 anthropic claude-haiku-4-5 20251001
claude-haiku-5-5 anthropic claude-haiku-5-5
claude-instant-1.0 anthropic claude-instant-1.0  2024-11-06
claude-instant-1.1 anthropic claude-instant-1.1  2024-11-06
claude-instant-1.2 anthropic claude-instant-1.2  2024-11-06
claude-opus-4-5 anthropic claude-opus-4-5
claude-opus-4-5-20251101 anthropic claude-opus-4-5 20251101
claude-opus-4-6 anthropic claude-opus-4-6
claude-opus-4-7 anthropic claude-opus-4-7
claude-opus-4-8 anthropic claude-opus-4-8
claude-opus-5 anthropic claude-opus-5
claude-opus-5-5 anthropic claude-opus-5-5
claude-sonnet-4-5 anthropic claude-sonnet-4-5
claude-sonnet-4-5-20250929 anthropic claude-sonnet-4-5 20250929 2026-11-30
claude-sonnet-4-6 anthropic claude-sonnet-4-6
claude-sonnet-5 anthropic claude-sonnet-5
claude-sonnet-5-5 anthropic claude-sonnet-5-5
cloudflare/clairic cloudflare clairic
cloudflare/clef cloudflare clef
cloudflare/clef-flash cloudflare clef-flash
cloudflare/clef-omni cloudflare clef-omni
code-davinci-002 openai code-davinci-002  2024-01-04
codestral-2508 mistral codestral 2508
codestral-latest mistral codestral
cohere/north-mini-code:free cohere north-mini-code
convaiinnovations/laya convaiinnovations laya
deep-research-max-preview-04-2026 google deep-research-max-preview 04-2026
deep-research-preview-04-2026 google deep-research-preview 04-2026
deepseek-flash deepseek deepseek-flash
deepseek-v4-1-flash-1017 deepseek deepseek-v4-1-flash 1017
deepseek-v4-pro deepseek deepseek-v4-pro
devstral-2512 mistral devstral 2512
devstral-latest mistral devstral
devstral-medium-latest mistral devstral-medium
dots-studio/dots-3-note-preview:free dots-studio dots-3-note-preview
elorian/glimpse elorian glimpse
fireworks/ember-1 fireworks ember-1
gemini-2.0-flash-live-001 google gemini-2.0-flash-live 001 2025-12-09
gemini-2.5-computer-use-preview-10-2025 google gemini-2.5-computer-use-preview 10-2025
gemini-2.5-flash google gemini-2.5-flash  2026-12-01
gemini-2.5-flash-lite google gemini-2.5-flash-lite
gemini-2.5-pro google gemini-2.5-pro  2026-12-01
gemini-2.5-pro-preview-03-25 google gemini-2.5-pro-preview 03-25 2025-12-02
gemini-2.5-pro-preview-05-06 google gemini-2.5-pro-preview 05-06 2025-12-02
gemini-2.5-pro-preview-06-05 google gemini-2.5-pro-preview 06-05 2025-12-02
gemini-3-flash-preview google gemini-3-flash-preview
gemini-3-pro-image-preview google gemini-3-pro-image-preview  2026-06-25
gemini-3-pro-preview google gemini-3-pro-preview  2026-03-09
gemini-3.1-flash-image-preview google gemini-3.1-flash-image-preview  2026-06-25
gemini-3.1-flash-lite google gemini-3.1-flash-lite  2027-05-07
gemini-3.1-flash-lite-preview google gemini-3.1-flash-lite-preview
gemini-3.1-pro-preview google gemini-3.1-pro-preview
gemini-3.1-pro-preview-customtools google gemini-3.1-pro-preview-customtools
gemini-3.5-flash google gemini-3.5-flash
gemini-3.5-flash-lite google gemini-3.5-flash-lite
gemini-3.6-flash google gemini-3.6-flash
gemini-3.7-flash google gemini-3.7-flash
gemini-3.8-flash google gemini-3.8-flash
gemini-4-argon google gemini-4-argon
gemini-flash-latest google gemini-flash
gemini-flash-lite-latest google gemini-flash-lite
gemini-live-2.5-flash-preview google gemini-live-2.5-flash-preview  2025-12-09
gemini-pro-latest google gemini-pro
gemini-robotics-er-2-preview google gemini-robotics-er-2-preview
gemma-4-26b-a4b-it google gemma-4-26b-a4b-it
gemma-4-31b-it google gemma-4-31b-it
glm-4.7 zhipu glm-4.7
glm-5-2 zhipu glm-5-2
glm-5-turbo zhipu glm-5-turbo
glm-5.2 zhipu glm-5.2
glm-5.2-highspeed zhipu glm-5.2-highspeed
glm-5.3 zhipu glm-5.3
glm-5.3-flash zhipu glm-5.3-flash
glm-5.3-highspeed zhipu glm-5.3-highspeed
gpt-3.5-turbo openai gpt-3.5-turbo  2026-10-23
gpt-3.5-turbo-0125 openai gpt-3.5-turbo 0125 2026-10-23
gpt-3.5-turbo-0301 openai gpt-3.5-turbo 0301 2024-09-13
gpt-3.5-turbo-0613 openai gpt-3.5-turbo 0613 2024-09-13
gpt-3.5-turbo-16k-0613 openai gpt-3.5-turbo-16k 0613 2024-09-13
gpt-4 openai gpt-4  2026-10-23
gpt-4-0613 openai gpt-4 0613 2026-10-23
gpt-4-1106-preview openai gpt-4-preview 1106 2026-10-23
gpt-4-1106-vision-preview openai gpt-4-vision-preview 1106 2024-12-06
gpt-4-32k openai gpt-4-32k  2025-06-06
gpt-4-32k-0314 openai gpt-4-32k 0314 2025-06-06
gpt-4-32k-0613 openai gpt-4-32k 0613 2025-06-06
gpt-4-turbo openai gpt-4-turbo  2026-10-23
gpt-4-turbo-2024-04-09 openai gpt-4-turbo 2024-04-09 2026-10-23
gpt-4-vision-preview openai gpt-4-vision-preview  2024-12-06
gpt-4.1 openai gpt-4.1
gpt-4.1-2025-04-14 openai gpt-4.1 2025-04-14 2027-01-14
gpt-4.1-mini openai gpt-4.1-mini
gpt-4.1-mini-2025-04-14 openai gpt-4.1-mini 2025-04-14 2027-01-14
gpt-4.1-nano openai gpt-4.1-nano  2026-10-23
gpt-4.1-nano-2025-04-14 openai gpt-4.1-nano 2025-04-14 2026-10-23
gpt-4.5-preview openai gpt-4.5-preview  2025-07-14
gpt-4.5-preview-2025-02-27 openai gpt-4.5-preview 2025-02-27 2025-07-14
gpt-4o openai gpt-4o
gpt-4o-2024-05-13 openai gpt-4o 2024-05-13 2026-10-23
gpt-4o-2024-08-06 openai gpt-4o 2024-08-06 2027-01-14
gpt-4o-2024-11-20 openai gpt-4o 2024-11-20 2027-01-14
gpt-4o-mini openai gpt-4o-mini
gpt-4o-mini-2024-07-18 openai gpt-4o-mini 2024-07-18 2027-01-14
gpt-4o-mini-transcribe openai gpt-4o-mini-transcribe  2027-02-26
gpt-4o-mini-tts openai gpt-4o-mini-tts  2027-01-06
gpt-4o-transcribe openai gpt-4o-transcribe  2027-02-26
gpt-4o-transcribe-diarize openai gpt-4o-transcribe-diarize  2027-02-26
gpt-5 openai gpt-5  2026-12-11
gpt-5-2025-08-07 openai gpt-5 2025-08-07 2026-12-11
gpt-5-chat-latest openai gpt-5-chat
gpt-5-mini openai gpt-5-mini  2026-12-11
gpt-5-mini-2025-08-07 openai gpt-5-mini 2025-08-07 2026-12-11
gpt-5-nano openai gpt-5-nano  2026-12-11
gpt-5-nano-2025-08-07 openai gpt-5-nano 2025-08-07 2026-12-11
gpt-5-pro openai gpt-5-pro  2026-12-11
gpt-5.1 openai gpt-5.1  2027-04-01
gpt-5.1-2025-11-13 openai gpt-5.1 2025-11-13 2027-04-01
gpt-5.1-codex openai gpt-5.1-codex  2026-07-23
gpt-5.2 openai gpt-5.2
gpt-5.2-chat-latest openai gpt-5.2-chat  2026-08-10
gpt-5.2-pro openai gpt-5.2-pro
gpt-5.3-chat-latest openai gpt-5.3-chat  2026-08-10
gpt-5.3-codex openai gpt-5.3-codex  2027-04-01
gpt-5.3-codex-spark openai gpt-5.3-codex-spark
gpt-5.4 openai gpt-5.4
gpt-5.4-mini openai gpt-5.4-mini
gpt-5.4-nano openai gpt-5.4-nano  2027-04-01
gpt-5.4-pro openai gpt-5.4-pro
gpt-5.5 openai gpt-5.5
gpt-5.5-pro openai gpt-5.5-pro
gpt-5.6-cyber openai gpt-5.6-cyber
gpt-5.6-luna openai gpt-5.6-luna
gpt-5.6-sol openai gpt-5.6-sol
gpt-5.6-terra openai gpt-5.6-terra
gpt-6-astra openai gpt-6-astra
gpt-6-luna openai gpt-6-luna
gpt-6-sol openai gpt-6-sol
gpt-6.1-sol openai gpt-6.1-sol
gpt-6.1-terra openai gpt-6.1-terra
gpt-audio openai gpt-audio  2027-01-20
gpt-daybreak-blue-latest openai gpt-daybreak-blue
gpt-daybreak-red-latest openai gpt-daybreak-red
gpt-image-1 openai gpt-image-1  2026-10-23
gpt-image-1-mini openai gpt-image-1-mini  2026-12-01
gpt-image-1.5 openai gpt-image-1.5  2026-12-01
gpt-image-1.5-2025-12-16 openai gpt-image-1.5 2025-12-16 2026-12-01
gpt-realtime openai gpt-realtime  2027-01-20
grok-4.3 xai grok-4.3
grok-4.5 xai grok-4.5
grok-4.6 xai grok-4.6
grok-4.7 xai grok-4.7
humansand/ampersand-v0.1 humansand ampersand-v0.1
imagen-3.0-generate-002 google imagen-3.0-generate 002 2025-11-10
inception/mercury-2 inception mercury-2
inception/mercury-2.5 inception mercury-2.5
inception/mercury-3 inception mercury-3
inception/mercury-coder-small inception mercury-coder-small
interfaze/interfaze-beta interfaze interfaze-beta
jaredpalmer/kev-4b jaredpalmer kev-4b
kimi-k2.6 moonshot kimi-k2.6
kimi-k2.7-code moonshot kimi-k2.7-code
kimi-k2.7-code-highspeed moonshot kimi-k2.7-code-highspeed
kimi-k3 moonshot kimi-k3
kimi-k3.1-pro moonshot kimi-k3.1-pro
kimi-k3.1-pro-highspeed moonshot kimi-k3.1-pro-highspeed
krea/k3-edit krea k3-edit
krea/krea-2-large krea krea-2-large
krea/krea-2-medium krea krea-2-medium
krea/krea-2-medium-turbo krea krea-2-medium-turbo
labs-devstral-small-2512 mistral labs-devstral-small 2512
labs-leanstral-1-5-1 mistral labs-leanstral-1-5-1
liquid/d1 liquid d1
liquid/d1-ultra liquid d1-ultra
liquid/d1.1 liquid d1.1
magistral-medium-latest mistral magistral-medium
meituan/longcat-2.0 meituan longcat-2.0
meituan/longcat-2.5 meituan longcat-2.5
meta/muse-ember meta muse-ember
meta/muse-image meta muse-image
meta/muse-wonder meta muse-wonder
microsoft/microsoft-decision-1 microsoft microsoft-decision-1
mimo-v2.6-flash xiaomi mimo-v2.6-flash
mimo-v2.6-pro xiaomi mimo-v2.6-pro
mimo-v2.6-pro-ultraspeed xiaomi mimo-v2.6-pro-ultraspeed
minimax-m2.7 minimax minimax-m2.7
minimax-m2.7-highspeed minimax minimax-m2.7-highspeed
minimax-m3 minimax minimax-m3
minimax-m3.1-flash minimax minimax-m3.1-flash
ministral-14b-2512 mistral ministral-14b 2512
ministral-3b-2512 mistral ministral-3b 2512
ministral-3b-latest mistral ministral-3b
ministral-8b-2512 mistral ministral-8b 2512
ministral-8b-latest mistral ministral-8b
mistral-large-2512 mistral mistral-large 2512
mistral-large-4 mistral mistral-large-4
mistral-large-4-0-8 mistral mistral-large-4-0-8
mistral-large-latest mistral mistral-large
mistral-medium-2505 mistral mistral-medium 2505
mistral-medium-2508 mistral mistral-medium 2508
mistral-medium-2604 mistral mistral-medium 2604
mistral-medium-3.5 mistral mistral-medium-3.5
mistral-medium-latest mistral mistral-medium
mistral-small-2506 mistral mistral-small 2506
mistral-small-2603 mistral mistral-small 2603
mistral-small-latest mistral mistral-small
mixedbread/toast-1 mixedbread toast-1
morph/reflex morph reflex
muse-ember-1.0 meta muse-ember-1.0
muse-spark-1.1 meta muse-spark-1.1
muse-spark-1.2 meta muse-spark-1.2
muse-spark-1.2-contributor meta muse-spark-1.2-contributor
muse-spark-1.3 meta muse-spark-1.3
muse-spark-1.3-contributor meta muse-spark-1.3-contributor
muse-wonder-1.0 meta muse-wonder-1.0
nace-ai/drex-max nace-ai drex-max
nace-ai/drex-max-finance nace-ai drex-max-finance
nace-ai/drex-max-v1.1 nace-ai drex-max-v1.1
nace-ai/drex-v1.5 nace-ai drex-v1.5
nace-ai/drex-v2.0 nace-ai drex-v2.0
nex-agi/nex-n2.5-pro nex-agi nex-n2.5-pro
nex-agi/nex-n2.6 nex-agi nex-n2.6
o1 openai o1  2026-10-23
o1-2024-12-17 openai o1 2024-12-17 2026-10-23
o1-mini openai o1-mini  2025-10-27
o1-mini-2024-09-12 openai o1-mini 2024-09-12 2025-10-27
o1-preview openai o1-preview  2025-07-28
o1-preview-2024-09-12 openai o1-preview 2024-09-12 2025-07-28
o1-pro openai o1-pro  2026-10-23
o1-pro-2025-03-19 openai o1-pro 2025-03-19 2026-10-23
o3 openai o3  2026-12-11
o3-mini openai o3-mini  2026-10-23
o3-mini-2025-01-31 openai o3-mini 2025-01-31 2026-10-23
o3-pro openai o3-pro  2026-12-11
o4-mini openai o4-mini  2026-10-23
o4-mini-2025-04-16 openai o4-mini 2025-04-16 2026-10-23
open-mistral-nemo mistral open-mistral-nemo
parallel/decisions-fast:free parallel decisions-fast
parallel/parallel-decisions-fast parallel parallel-decisions-fast
particle-ai/particle-1 particle-ai particle-1
particle/particle-1 particle particle-1
perceptron/perceptron-mk1.5 perceptron perceptron-mk1.5
perplexity/pplx-decider-flash-v1.2 perplexity pplx-decider-flash-v1.2
perplexity/pplx-decider-v1.2 perplexity pplx-decider-v1.2
pixtral-12b mistral pixtral-12b
poolside/laguna-s-2.1 poolside laguna-s-2.1
poolside/laguna-xs-2.1 poolside laguna-xs-2.1
prism-ml/ternary-bonsai-2-27b prism-ml ternary-bonsai-2-27b
prism-ml/ternary-bonsai-2-9b prism-ml ternary-bonsai-2-9b
quiverai/arrow-2 quiverai arrow-2
quiverai/arrow-2-telos quiverai arrow-2-telos
recraft/recraft-v3 recraft recraft-v3
recraft/recraft-v4 recraft recraft-v4
recraft/recraft-v4-pro recraft recraft-v4-pro
recraft/recraft-v4-pro-vector recraft recraft-v4-pro-vector
recraft/recraft-v4-styles recraft recraft-v4-styles
recraft/recraft-v4-styles-pro recraft recraft-v4-styles-pro
recraft/recraft-v4-styles-pro-vector recraft recraft-v4-styles-pro-vector
recraft/recraft-v4-styles-vector recraft recraft-v4-styles-vector
recraft/recraft-v4-vector recraft recraft-v4-vector
recraft/recraft-v4.1 recraft recraft-v4.1
recraft/recraft-v4.1-flash recraft recraft-v4.1-flash
recraft/recraft-v4.1-pro recraft recraft-v4.1-pro
recraft/recraft-v4.1-pro-vector recraft recraft-v4.1-pro-vector
recraft/recraft-v4.1-utility recraft recraft-v4.1-utility
recraft/recraft-v4.1-utility-pro recraft recraft-v4.1-utility-pro
recraft/recraft-v4.1-vector recraft recraft-v4.1-vector
recursive/flint recursive flint
recursive/flint-v1.0:free recursive flint-v1.0
reflection/beam reflection beam
reflection/beam-1.0-501b-a23b reflection beam-1.0-501b-a23b
reflection/beam-free reflection beam-free
relace/relace-search relace relace-search
respan/span-01 respan span-01
respan/span-01-lite respan span-01-lite
respan/span-01-lite:free respan span-01-lite
respan/span-02 respan span-02
ricursiveai/ripple-65b-preview ricursiveai ripple-65b-preview
sakana/fugu-max sakana fugu-max
sakana/fugu-ultra sakana fugu-ultra
sakana/fugu-ultra-v2 sakana fugu-ultra-v2
sakana/namazu sakana namazu
sakana/sakana-namazu sakana sakana-namazu
scaledown/classify-1 scaledown classify-1
scaledown/scaledown-classify-1 scaledown scaledown-classify-1
sourceful/riverflow-v2-fast sourceful riverflow-v2-fast
sourceful/riverflow-v2-pro sourceful riverflow-v2-pro
sourceful/riverflow-v2.5-fast sourceful riverflow-v2.5-fast
sourceful/riverflow-v2.5-pro sourceful riverflow-v2.5-pro
sourceful/riverflow-v2.6-pro sourceful riverflow-v2.6-pro
stealth/glyph-cluster stealth glyph-cluster
tencent/hy-image-v3.5-preview tencent hy-image-v3.5-preview
text-ada-001 openai text-ada-001  2024-01-04
text-babbage-001 openai text-babbage-001  2024-01-04
text-curie-001 openai text-curie-001  2024-01-04
text-davinci-001 openai text-davinci-001  2024-01-04
text-davinci-002 openai text-davinci-002  2024-01-04
text-davinci-003 openai text-davinci-003  2024-01-04
thinkingmachines/inkling thinkingmachines inkling
thinkingmachines/inkling-2-small:free thinkingmachines inkling-2-small
thinkingmachines/inkling-small thinkingmachines inkling-small
thinkingmachines/inkling-small:batch thinkingmachines inkling-small
togethercomputer/tev1-4b-experimental togethercomputer tev1-4b-experimental
tts-1 openai tts-1  2027-01-06
tts-1-hd openai tts-1-hd  2027-01-06
typesafe-ai/jev typesafe-ai jev
typesafe-ai/jev-1.13.0 typesafe-ai jev-1.13.0
typesafe-ai/jev-1.14.0 typesafe-ai jev-1.14.0
typesafe/jev typesafe jev
typesafe/jev-1.13 typesafe jev-1.13
typesafe/jev-1.14 typesafe jev-1.14
typesafe/jev-1.14.0 typesafe jev-1.14.0
typesafe/jev-router typesafe jev-router
unbiased/pareto-26.10 unbiased pareto-26.10
unbiased/pareto-26.9 unbiased pareto-26.9
upstage/solar-decide upstage solar-decide
upstage/solar-decide-flash upstage solar-decide-flash
voxtral-small-2507 mistral voxtral-small 2507
voxtral-small-latest mistral voxtral-small
whisper-1 openai whisper-1  2027-02-26
xingchen-agi/xing4.0-29b-a4b:free xingchen-agi xing4.0-29b-a4b
zai-glm-5-2 zhipu zai-glm-5-2
zai-glm-5-3 zhipu zai-glm-5-3
zai-glm-5-3-flash zhipu zai-glm-5-3-flash
`;
