/** What a marker of a rule does: it forbids, limits, obliges, asks for a person's word, or makes the model refuse. */
export type GuardrailKind = "forbid" | "limit" | "oblige" | "confirm" | "refuse";

/** Words that make a sentence a rule, and how strongly: 3 leaves no choice, 2 urges, 1 prefers. */
export interface GuardrailMarker {
  readonly kind: GuardrailKind;
  readonly level: 1 | 2 | 3;
  readonly pattern: RegExp;
}

function marker(kind: GuardrailKind, level: 1 | 2 | 3, ...patterns: readonly string[]): GuardrailMarker {
  return { kind, level, pattern: new RegExp(patterns.join("|"), "u") };
}

/** Begins a clause: an imperative stands here, "if you do not know" does not. */
const CLAUSE = "(?:^|[,;:.!?(—-] ?|\\b(?:and|but|please|then|so|you|or|also|always|instead) )";

/** As above, but "what you do not know" is a rule only where the sentence begins with "you". */
const BEFORE_DO = "(?:^(?:you )?|[,;:.!?(—-] ?|\\b(?:and|but|please|then|so|or|also|always|instead) )";

/** English, on lower-case text with straight quotes and without emphasis. */
const ENGLISH: readonly GuardrailMarker[] = [
  marker(
    "forbid",
    3,
    "(?<!\\b(?:have|has|had|is|are|was|were|i|we|they|he|she|it) )\\bnever(?! mind\\b)\\b",
    "\\b(?:must|shall) (?:\\w+ )?not\\b",
    "\\bmustn't\\b",
    `${BEFORE_DO}(?:do not|don't)(?! (?:have|know|understand|need|see|find|want|worry|hesitate)\\b)`,
    "\\b(?:you|model|assistant|agent|bot|responses?|answers?|output) (?:strictly )?(?:cannot|can't|can not|will not|won't)\\b",
    "\\b(?:you|it|they|model|assistant|agent|bot|responses?|answers?|output|result) (?:strictly )?(?:may not|(?:is|are) not (?:allowed|permitted|authorized|to))\\b",
    "\\b(?:forbidden|prohibited|disallowed|off[- ]limits|not (?:be )?(?:allowed|permitted|acceptable|tolerated))\\b",
    "\\b(?:under|in) no (?:circumstances?|event|case)\\b",
    "\\bat no (?:time|point)\\b",
    "\\bno (?:[\\w-]+ ){1,4}(?:allowed|permitted|without|unless|may|shall|must)\\b",
    "\\bzero tolerance\\b",
  ),
  marker(
    "forbid",
    2,
    "\\b(?:should|ought) (?:\\w+ )?not\\b",
    "\\bshouldn't\\b",
    "\\brefrain from\\b",
    "\\bstay away from\\b",
  ),
  marker(
    "forbid",
    1,
    "\\bavoid(?:ing)?\\b",
    "\\btry not to\\b",
    "\\bprefer(?:ably)? not\\b",
    "\\b(?:is|are) discouraged\\b",
  ),
  marker(
    "limit",
    3,
    "(?<!\\b(?:not|the|an?|if|have|has) |-)\\bonly(?! (?:one|a few|some|because|child)\\b)\\b(?!-)",
    "\\b(?:exclusively|solely)\\b",
    "\\bnothing (?:else|but|other than)\\b",
    "\\bno (?:more|other|longer|fewer|less) than\\b",
    "\\bat (?:most|least) (?:\\$|€|£)?(?:\\d|one|two|three|once|twice)",
    "\\b(?:a )?max(?:imum|\\.)? (?:of )?(?:\\$|€|£)?\\d",
    "\\b(?:must|should|may|can|do|does|cannot|not) (?:not )?exceed\\b",
    "\\b(?:limit|limited|restrict|restricted|confine|confined) (?:yourself |your \\w+ |answers |responses |the \\w+ |strictly )?to\\b",
    "\\bstay (?:strictly )?within\\b",
    "\\bup to (?:\\$|€|£)?\\d",
  ),
  marker(
    "oblige",
    3,
    "\\bmust\\b(?! (?:\\w+ )?not\\b)",
    "\\balways\\b",
    "\\bshall\\b(?! (?:\\w+ )?not\\b)",
    "\\b(?:is|are) (?:required|obliged|mandatory|compulsory|obligatory)\\b",
    "\\b(?:have|has|required|obliged) to\\b",
    "\\bwithout exceptions?\\b",
  ),
  marker("oblige", 2, "\\bshould\\b(?! (?:\\w+ )?not\\b)", "\\b(?:ensure|make sure|be sure)\\b", "\\bneeds? to\\b"),
  marker(
    "confirm",
    3,
    "\\b(?:ask|asks|asking|prompt) (?:[\\w']+ ){0,5}?(?:to confirm|to approve|for (?:[\\w-]+ ){0,3}(?:confirmation|approval|permission|consent|authorization))\\b",
    `${CLAUSE}(?:must |should |first )?(?:double[- ]check|confirm|verify|check) (?:with|the (?:customer|user|caller|identity)|identity|that the (?:customer|user|caller))`,
    "\\b(?:obtain|obtains|get|gets|seek|receive|require|requires|request|wait for|need|needs|without) (?:[\\w-]+ ){0,4}(?:confirmation|approval|permission|consent|authorization|sign-?off)\\b",
    "\\b(?:confirmation|approval|permission|consent|authorization|sign-?off) (?:from [\\w ]{1,30} )?(?:is|are|must be) (?:required|needed|mandatory|obtained|given)\\b",
    "\\bconfirm(?:s|ed)? (?:with|by) (?:the |a |an )?(?:user|customer|human|person|operator|manager|supervisor)\\b",
    "\\bhuman (?:review|approval|oversight|confirmation|in the loop)\\b",
    "\\b(?:verify|confirm|authenticate) (?:[\\w']+ ){0,3}identity\\b",
  ),
  marker(
    "refuse",
    3,
    `${CLAUSE}(?:must |should |will |politely |firmly |immediately |to |have to )*(?:refuse|decline|reject)\\b`,
    "\\b(?:must|should|will|politely|to) (?:refuse|decline|reject)\\b",
    `${CLAUSE}(?:must |should |immediately |always |please )*escalate\\b`,
    "\\b(?:must|should|shall|to|immediately) escalate\\b",
    "\\b(?:must|should|shall) (?:always )?be escalated\\b",
    "\\b(?:hand|handed|transfer|transferred|forward|forwarded|route|redirect|pass|refer|defer|direct) (?:[\\w']+ ){0,6}?(?:to|over to) (?:an? |the |our |your )?(?:[\\w-]+ ){0,2}(?:human|person|agent|supervisor|manager|operator|lawyer|doctor|physician|professional|support team|support staff)\\b",
    `${CLAUSE}(?:ignore|disregard) (?:any|all|every|such|requests?|instructions?|attempts?|commands?)`,
    "\\bsay (?:that )?(?:you|i) (?:cannot|can't|do not|don't|are unable|am unable)",
  ),
];

/** Other languages in Latin and Cyrillic letters, by their plainest words. */
const EUROPEAN: readonly GuardrailMarker[] = [
  // German
  marker(
    "forbid",
    3,
    "\\b(?:niemals|nie|keinesfalls|auf keinen fall|unter keinen umständen)\\b",
    "\\b(?:darf|dürfen|darfst|dürft) (?:[\\p{L}-]+ ){0,8}?(?:nicht|keine?n?)(?!\\p{L})",
    "(?<!\\p{L})(?:verboten|untersagt|nicht (?:erlaubt|gestattet|zulässig))(?!\\p{L})",
    "(?:^|[,;:.] )(?:gib|gebe|verrate|nenne|teile|verwende|nutze|beantworte|erfinde|mach|mache|lösche|sende) (?:[\\p{L}-]+ ){0,8}?(?:nicht|keine?n?)(?!\\p{L})",
  ),
  marker("forbid", 2, "\\b(?:sollte|sollten|sollst|sollen|soll) (?:[\\p{L}-]+ ){0,6}?(?:nicht|keine?n?)\\b"),
  marker("forbid", 1, "\\b(?:vermeide|vermeiden|möglichst (?:nicht|keine?))\\b"),
  marker("limit", 3, "\\b(?:nur|ausschließlich|lediglich|höchstens|maximal)\\b"),
  marker("oblige", 3, "(?<!\\p{L})(?:muss|müssen|musst|immer|zwingend|stets)(?!\\p{L})"),
  marker(
    "confirm",
    3,
    "\\b(?:bestätigung|zustimmung|genehmigung|einwilligung|freigabe|erlaubnis)\\b",
    "\\bfrage? (?:[\\p{L}-]+ ){0,6}?(?:um erlaubnis|nach|bevor)\\b",
  ),
  marker(
    "refuse",
    3,
    "\\b(?:verweigere|verweigern|ablehnen|lehne (?:[\\p{L}-]+ ){0,6}?ab|weise (?:[\\p{L}-]+ ){0,6}?zurück|eskaliere|leite (?:[\\p{L}-]+ ){0,6}?weiter)\\b",
  ),
  // French
  marker(
    "forbid",
    3,
    "\\b(?:jamais|en aucun cas|interdit|interdite|interdits)\\b",
    "(?<!\\p{L})(?:ne|n') ?(?:[\\p{L}'-]+ ){1,4}?(?:pas|aucune?)(?!\\p{L})",
  ),
  marker("forbid", 1, "(?<!\\p{L})(?:évite|évitez|éviter)(?!\\p{L})"),
  marker("limit", 3, "\\b(?:uniquement|seulement|exclusivement|au maximum|au plus)\\b"),
  marker("oblige", 3, "\\b(?:dois|doit|devez|doivent|toujours|obligatoirement)\\b"),
  marker(
    "confirm",
    3,
    "\\b(?:demande|demandez|demander|obtenir|obtiens|obtenez) (?:[\\p{L}'-]+ ){0,4}?(?:confirmation|autorisation|l'accord|l'autorisation|consentement)",
  ),
  marker("refuse", 3, "\\b(?:refuse|refusez|refuser|décline|déclinez|transfère|transférez|escalade)\\b"),
  // Spanish, Portuguese, Italian
  marker(
    "forbid",
    3,
    "\\b(?:nunca|jamás|jamais|prohibido|prohibida|proibido|proibida|vietato|vietata|bajo ninguna circunstancia|em hipótese alguma|in nessun caso|não é permitido|no está permitido|non è consentito)\\b",
    "\\b(?:no|não|non) (?:debes?|debe|deben|puedes?|puede|deve|devem|pode|podem|devi|devono|puoi)\\b",
    "(?:^|[,;:.] )(?:no|não|non) (?:reveles?|compartas?|des|uses?|respondas?|inventes?|divulgues?|muestres?|elimines?|revele|compartilhe|use|responda|invente|divulgue|rivelare|condividere|usare|inventare|rispondere)\\b",
  ),
  marker("forbid", 1, "\\b(?:evita|evite|evitar|evitare)\\b"),
  marker(
    "limit",
    3,
    "(?<!\\p{L})(?:solo|sólo|solamente|únicamente|somente|apenas|soltanto|esclusivamente|exclusivamente|como máximo|no máximo|al massimo)(?!\\p{L})",
  ),
  marker("oblige", 3, "\\b(?:debes|debe|deben|siempre|deve|devem|sempre|devi|obligatoriamente|obrigatoriamente)\\b"),
  marker(
    "confirm",
    3,
    "\\b(?:pide|pida|solicita|solicite|peça|peca|chiedi|ottieni|obtén|obtenga|obtenha) (?:[\\p{L}'-]+ ){0,4}?(?:confirmación|aprobación|permiso|confirmação|aprovação|permissão|conferma|approvazione|autorización|autorização|autorizzazione)",
  ),
  marker(
    "refuse",
    3,
    "\\b(?:rechaza|rechace|recusa|recuse|rifiuta|rifiutare|niega|escala|encaminhe|transfiere|trasferisci)\\b",
  ),
  // Dutch, Polish, Russian, Ukrainian, Turkish
  marker(
    "forbid",
    3,
    "\\b(?:nooit|verboden|mag (?:[\\p{L}-]+ ){0,5}?(?:niet|geen)|nigdy|zabronione|nie wolno|asla|yasaktır|yasak)\\b",
    "(?<!\\p{L})(?:никогда|нельзя|запрещено|запрещается|ни в коем случае|не (?:раскрывай|сообщай|используй|отвечай|давай|выдумывай|делай|удаляй)(?:те)?|ніколи|заборонено|не можна)(?!\\p{L})",
  ),
  marker(
    "limit",
    3,
    "\\b(?:alleen|uitsluitend|tylko|wyłącznie|yalnızca|sadece)\\b",
    "(?<!\\p{L})(?:только|исключительно|лише|тільки|не более)(?!\\p{L})",
  ),
  marker(
    "confirm",
    3,
    "\\b(?:vraag (?:[\\p{L}-]+ ){0,4}?(?:bevestiging|toestemming)|poproś (?:[\\p{L}-]+ ){0,4}?(?:potwierdzenie|zgodę)|onay (?:al|iste))\\b",
    "(?<!\\p{L})(?:запроси|попроси|получи|спроси)(?:те)? (?:[\\p{L}-]+ ){0,4}?(?:подтверждени[ея]|разрешени[ея]|согласи[ея])",
  ),
  marker(
    "refuse",
    3,
    "\\b(?:weiger|odmów|reddet)\\b",
    "(?<!\\p{L})(?:откажи|откажись|отклони|отклоняй|отказывай)(?:те)?(?:сь)?(?!\\p{L})",
  ),
];

/** Chinese, Japanese, Korean, Arabic and Hindi. */
const ASIAN: readonly GuardrailMarker[] = [
  marker(
    "forbid",
    3,
    "不要|不得|不可以?|不能|不许|不允许|禁止|切勿|请勿|勿|绝不|严禁|決して|禁止|しないで|してはいけ|してはなり|してはならな|しないこと|하지 ?(?:마|말|않)|금지|절대|해서는 안|لا تقم|ممنوع|لا يجوز|أبدا|कभी (?:भी )?(?:न|नहीं)|मत (?:करें|करो|दें|बताएं)|निषिद्ध",
  ),
  marker("forbid", 1, "尽量(?:不|避免)|避免|避けて|できるだけ.{0,8}ない|피하"),
  marker(
    "limit",
    3,
    "只能|只可|仅限|仅能|僅|最多|不超过|のみ|だけ(?:を|に|で)|以内|만 (?:답|응답|사용|제공)|최대|فقط|केवल|सिर्फ",
  ),
  marker("oblige", 3, "必须|必須|务必|一定要|必ず|しなければなら|반드시|해야 (?:합|한)|يجب|अवश्य|हमेशा"),
  marker(
    "confirm",
    3,
    "(?:请求|征得|获得|经过|取得|需要?|先|再).{0,12}(?:确认|批准|同意|许可|授权)|確認(?:を|して|し)|承認を|許可を|(?:확인|승인|허가|동의)(?:을|를|받)|(?:تأكيد|موافقة|إذن)|(?:पुष्टि|अनुमति|स्वीकृति)",
  ),
  marker("refuse", 3, "拒绝|婉拒|转(?:接|交)?(?:给)?人工|拒否|断って|お断り|거부|거절|상담원에게|ارفض|मना कर|अस्वीकार"),
];

/** Markers that one cheap look at a sentence rules out together. */
export interface GuardrailLanguage {
  /** A sentence without a match holds none of the markers. */
  readonly gate: RegExp;
  readonly markers: readonly GuardrailMarker[];
}

const ENGLISH_GATE =
  /\b(?:never|not|cannot|can't|don't|won't|mustn't|shouldn't|no|zero|refrain|stay|avoid|avoiding|try|prefer|preferably|discouraged|forbidden|prohibited|disallowed|off|only|exclusively|solely|nothing|most|least|max|maximum|exceed|limit|limited|restrict|restricted|confine|confined|up|must|shall|always|required|obliged|mandatory|compulsory|obligatory|have|has|without|should|ensure|make|be|need|needs|confirm|confirmed|confirms|confirmation|approve|approval|permission|consent|authorization|signoff|sign|verify|check|authenticate|identity|human|refuse|decline|reject|escalate|escalated|hand|handed|transfer|transferred|forward|forwarded|route|redirect|pass|refer|defer|direct|ignore|disregard|say)\b/;
const EUROPEAN_GATE =
  /(?<!\p{L})(?:nie|niemals|keinesfalls|auf keinen|unter keinen|darf\w*|dürf\p{L}*|verboten|untersagt|nicht|kein\w*|soll\w*|vermeid\w*|möglichst|nur|ausschließlich|lediglich|höchstens|maximal|muss|müssen|musst|immer|zwingend|stets|bestätigung|zustimmung|genehmigung|einwilligung|freigabe|erlaubnis|frage?|verweiger\w*|ablehnen|lehne|weise|eskaliere|leite|jamais|aucun|interdit\w*|ne|n'\p{L}*|évite\p{L}*|uniquement|seulement|exclusivement|au|dois|doit|devez|doivent|toujours|obligatoirement|demande\p{L}*|obten\p{L}*|obtien\p{L}*|refuse\p{L}*|décline\p{L}*|transfère\p{L}*|transfére\p{L}*|escalade|nunca|jamás|prohibid\w*|proibid\w*|vietat\w*|ninguna|hipótese|nessun|não|está|non|no|evit\w*|solo|sólo|solamente|únicamente|somente|apenas|soltanto|esclusivamente|exclusivamente|como|al|deb\w*|siempre|deve\w*|sempre|devi|obrigatoriamente|pid[ea]|solicit\p{L}*|peça|peca|chiedi|ottieni|obtén|rechac?z?[ae]|recus[ae]|rifiut\w*|niega|escala|encaminhe|transfiere|trasferisci|nooit|mag|nigdy|zabronione|wolno|asla|yasak\p{L}*|никогда|нельзя|запрещ\p{L}*|ни|не|ніколи|заборонено|alleen|uitsluitend|tylko|wyłącznie|yalnızca|sadece|только|исключительно|лише|тільки|vraag|poproś|onay|запроси\p{L}*|попроси\p{L}*|получи\p{L}*|спроси\p{L}*|weiger|odmów|reddet|откаж\p{L}*|отказ\p{L}*|отклон\p{L}*)(?!\p{L})/u;

/** All markers by language; none can backtrack beyond its bounded repeats. */
export const GUARDRAIL_LANGUAGES: readonly GuardrailLanguage[] = [
  { gate: ENGLISH_GATE, markers: ENGLISH },
  { gate: EUROPEAN_GATE, markers: EUROPEAN },
  { gate: /[\u0600-\uffff]/, markers: ASIAN },
];

/** Words that turn a rule into its opposite: refusing or asking is what is forbidden. */
export const REVERSED =
  /\b(?:never|not|don't|no need to|without|instead of|stop|avoid|skip) (?:\w+ ){0,2}?(?:refuse|refusing|decline|declining|reject|rejecting|escalate|escalating|ask(?:ing)? (?:[\w']+ ){0,4}?(?:confirmation|permission|approval|consent)|requir(?:e|ing) (?:[\w-]+ ){0,2}(?:confirmation|permission|approval|consent)|confirm(?:ing)? with|disregard|ignore)\b/u;

/** Words that leave the choice to the model: a rule that gets one is weaker. */
export const SOFTENERS =
  /\b(?:unless|except|excluding|if possible|when(?:ever)? (?:possible|practical|feasible|convenient)|where (?:possible|practical)|generally|usually|typically|normally|ideally|preferably|mostly|in most cases|in general|as a rule|try to|consider|optionally|optional|at your (?:own )?discretion|use your judge?ment|as needed|may|might|can|could|feel free|insists?|möglichst|normalerweise|in der regel|außer|si possible|sauf|généralement|si es posible|salvo|excepto|generalmente|se possível|geralmente|exceto)\b|尽量|尽可能|除非|一般|通常|如果可能|可以|できれば|可能であれば|なるべく|除き|가급적|가능하면/u;
