/** A way in which GitHub behaves, or a rule of our own, that the program has to hold against. */
export interface KnownCase {
  /** `P..`: the platform as it is. `S..`: a rule that keeps the gate shut. Test names carry it. */
  readonly id: string;
  /** What GitHub does, or what the rule says. */
  readonly given: string;
  /** What Countersign does about it. */
  readonly answer: string;
  /** What of it is not built yet, and the step that builds it; a case that has neither this nor a test is a failure. */
  readonly later?: { readonly step: keyof typeof STEPS; readonly what: string };
}

/** What the steps that are still to come build. */
export const STEPS = {
  4: "everything that GitHub and people can do",
  6: "the Action",
  7: "governance over time",
  8: "load, faults and several instances",
  9: "pages, dashboard and exports",
  10: "set-up and release",
} as const;

/** GitHub as it is. */
export const PLATFORM_CASES: readonly KnownCase[] = [
  {
    id: "P01",
    given: "Lists of changed files end silently at 3,000 (comparisons at 300), and large patches show no changes.",
    answer: "Compares the git trees of merge base and head by object id; what cannot be read whole blocks.",
  },
  {
    id: "P02",
    given: "The contents API follows symbolic links and shows submodules as files.",
    answer: "Reads tree entries with their mode; a swapped link or submodule is a change of its own.",
  },
  {
    id: "P03",
    given: "A file may be renamed, deleted, or change nothing but its mode.",
    answer:
      "Rules match both paths; a deletion is a change; a mode alone asks for nothing, and ends approvals of the file.",
  },
  {
    id: "P04",
    given: "Large files, data sets and dependencies are named by pointers and lock files.",
    answer: "The object id in the pointer is the content: another id is another model.",
  },
  {
    id: "P05",
    given:
      "Some file systems take paths for one that differ in case or in the spelling of letters; characters may be invisible.",
    answer: "Matches paths after folding and normalising; twins and invisible characters are findings.",
  },
  {
    id: "P06",
    given: "Line ends and byte order marks differ between editors.",
    answer: "Normalises them to detect, never for what an approval covers.",
  },
  {
    id: "P07",
    given: "Repositories may name objects with SHA-256.",
    answer: "Object ids have 40 or 64 digits everywhere.",
  },
  {
    id: "P08",
    given: "A pull request can edit the rules that judge it.",
    answer:
      "Policy and registry come from the default branch and the organisation; an edit of them is governed itself, and shown what it would decide.",
  },
  {
    id: "P09",
    given: "A check belongs to a commit: one head in two pull requests shows the same check in both.",
    answer: "One run per governed branch, none where nothing is governed, and one decision per head and base.",
  },
  {
    id: "P10",
    given: "A pull request that is moved to another base sends one event only, and its reviews are not dismissed.",
    answer: "Looks at everything again, voids what was approved before, and takes the old branch's green run back.",
  },
  {
    id: "P11",
    given: "Whoever may write can post a check or status of any name, and all workflows share one App.",
    answer: "Its check is required by App id; a revalidation counts only from the App that the policy names.",
  },
  {
    id: "P12",
    given: "`skipped` and `neutral` satisfy a required check.",
    answer: "Never says either, and counts neither as a revalidation that succeeded.",
  },
  {
    id: "P13",
    given: "A run that is left incomplete for 14 days turns stale.",
    answer: "Waiting is a completed `action_required`; a crash is a `failure` that says so and what happens next.",
  },
  {
    id: "P14",
    given: "Text, annotations, buttons and comments have limits.",
    answer: "Fits every text, sends 50 annotations a request and none twice, and says what was left out.",
  },
  {
    id: "P15",
    given: "Buttons and re-runs are shown to whoever can see the check.",
    answer: "Reads the sender's access again before it does anything.",
  },
  {
    id: "P16",
    given: "Events about a fork's checks name no pull request.",
    answer: "Finds pull requests by their head, and posts on the base repository.",
  },
  {
    id: "P17",
    given: "A commit can ask GitHub for no check suites (`skip-checks: true`).",
    answer: "Is driven by events of the pull request, so nothing is skipped.",
  },
  {
    id: "P18",
    given: "GitHub makes a test merge beside each head.",
    answer: "Posts on the head, never on the test merge.",
  },
  {
    id: "P19",
    given: "A merge queue tests groups of pull requests on a commit of their own.",
    answer:
      "Decides every member again, and again when anything changes while it waits; a group passes only when each of them does and it holds what they were approved with.",
  },
  {
    id: "P20",
    given: "An administrator can merge past the check, push directly, or weaken the rules.",
    answer: "Reports it on the commit and in one tracking issue; never reverts by itself.",
  },
  {
    id: "P21",
    given: "A person's last approval, request for changes or dismissal counts; comments withdraw nothing.",
    answer: "Counts the same; a dismissal means no vote and revives no older one.",
  },
  {
    id: "P22",
    given: "After some force-pushes GitHub points a review at the new commit.",
    answer: "Binds a review to the head it was given on when its event arrives; one seen later is distrusted.",
  },
  {
    id: "P23",
    given: "Deleted accounts show as nobody; bots and AI reviewers can be named like people.",
    answer: "Only accounts of the type `User` vote; a ghost never counts.",
  },
  {
    id: "P24",
    given: "Invited members show before they accept; teams nest; a team may be unreadable.",
    answer: "Counts active members, nested teams included; an unreadable team blocks and names the permission.",
  },
  {
    id: "P25",
    given: "A member's association to a repository may be hidden, and organisations make roles of their own.",
    answer: "Asks what a person may do; an own role counts as what it is built on.",
  },
  {
    id: "P26",
    given: "Anybody can write any author into a commit; only the push has a sender that GitHub vouches for.",
    answer: "Remembers who pushed; what commits say only ever adds people who may not approve.",
  },
  {
    id: "P27",
    given: "A comment names no commit, and may be edited later.",
    answer: "An approval by command names its commit; an edited comment never counts.",
  },
  {
    id: "P28",
    given: "Whoever may write can edit or delete comments and their history.",
    answer: "Comments are views: ours is found by marker and App, and restored.",
  },
  {
    id: "P29",
    given: "A draft is not ready for review.",
    answer: "Evaluates and shows it, and asks nobody to review.",
  },
  {
    id: "P30",
    given: "Pull requests are closed and reopened, force-pushed, moved to another base, and may share a branch.",
    answer: "A review stays bound to what it was given on through all of it.",
  },
  {
    id: "P31",
    given: "A webhook must be answered in 10 seconds and is not sent again by itself.",
    answer: "Stores delivery and work in one transaction before it answers; a redelivery takes up what died.",
  },
  {
    id: "P32",
    given: "Deliveries come twice and in any order.",
    answer: "An event only says where to look; state is read then, one worker a pull request, bursts coalesce.",
  },
  {
    id: "P33",
    given: "Deliveries get lost while the App is down.",
    answer: "Looks for what it missed at its start and every few minutes.",
    later: { step: 8, what: "the reconciler" },
  },
  {
    id: "P34",
    given: "Requests and content writes are limited.",
    answer: "Asks with ETags, keeps what never changes, writes only what changed, and waits as long as GitHub says.",
  },
  {
    id: "P35",
    given: "Squashing and rebasing land other commits than were reviewed.",
    answer: "Compares the governed paths of what landed with the decided head; records every commit that landed.",
  },
  {
    id: "P36",
    given: "Checks are deleted after some 400 days.",
    answer: "The ledger is the memory.",
  },
  {
    id: "P37",
    given:
      "Installations are suspended; repositories are renamed, transferred, archived; permissions wait to be accepted.",
    answer: "Knows repositories by number, and says what is missing and who can grant it.",
  },
  {
    id: "P38",
    given: "An Enterprise Server has its own address and fewer features.",
    answer: "Takes the address from the environment, and says what is not there.",
  },
  {
    id: "P39",
    given: "File names, titles and prompts may hold mentions, markup, HTML and control characters.",
    answer: "Shows them as inert text: nothing mentions, links, formats or breaks a line.",
  },
  {
    id: "P40",
    given: "A secret that was found must not be spread by the report of it.",
    answer: "Shows rule, place and a keyed fingerprint; no output holds the value.",
  },
  {
    id: "P41",
    given: "Patterns and YAML of a policy may be made to take for ever.",
    answer: "Patterns run in linear time; YAML has caps on size, nesting and aliases, and no tags.",
  },
  {
    id: "P42",
    given: "Anybody can post to the webhook's address.",
    answer: "Caps the body, compares signatures in constant time, and does not start without a secret.",
  },
  {
    id: "P43",
    given: "An installation's token reaches all its repositories, unless less is asked for.",
    answer: "Each job's token reaches one repository with the permissions that it needs.",
  },
  {
    id: "P44",
    given: "A workflow can be made to run the pull request's code with the repository's secrets.",
    answer: "The Action reads through the API, and never checks out or runs that code.",
  },
  {
    id: "P45",
    given: "Pages about a private repository must not show more than GitHub would.",
    answer: "Shows what the signed-in person may read at GitHub now.",
    later: { step: 9, what: "pages" },
  },
];

/** The rules that keep the gate shut. */
export const SECURITY_RULES: readonly KnownCase[] = [
  {
    id: "S01",
    given: "Which rules hold says the default branch, and the organisation; another governed branch may only tighten.",
    answer:
      "An ungoverned branch gets no run at all, so that nothing green on a commit can be carried over from there.",
  },
  {
    id: "S02",
    given: "One head into one base is one decision.",
    answer: "Pull requests that share both share votes and exclusions; a stranger's copy neither passes nor blocks.",
  },
  {
    id: "S03",
    given: "The stricter of the organisation's and the repository's value holds, field by field.",
    answer: "Names what is looser; keeps the organisation's policy once seen, whatever becomes of its file.",
  },
  {
    id: "S04",
    given: "A head adds new systems, identities and providers, and nothing else.",
    answer: "Exceptions, roles and delegations work after their merge; removing an entry cures nothing.",
  },
  {
    id: "S05",
    given: "An approval covers facts, files or the whole change, by tier.",
    answer: "Rebases and merges from the base leave it alone; a change of what it covers ends it.",
  },
  {
    id: "S06",
    given: "A binding holds head, merge base, base branch and the governed files, never only a digest.",
    answer: "Both sides are computed with the rules of now; a retarget voids every binding.",
  },
  {
    id: "S07",
    given: "Two approved pull requests must not together do what neither was approved for.",
    answer:
      "Where the base moved under governed content it waits for an update of the branch; a merge group's tree is compared with what its members were approved with, and a landed tree that differs is reported.",
  },
  {
    id: "S08",
    given: "Going back is quick only where it restores exactly what was there before.",
    answer:
      "Compares with the newest governed merge, its age and what let the older content in; pausing is quick as well.",
  },
  {
    id: "S09",
    given: "A named person counts while they may write or are an active member.",
    answer: "Reads it at each decision; a login that belongs to another account than it did counts for nobody.",
  },
  {
    id: "S10",
    given: "A standing request for changes by somebody whose role is asked keeps it waiting.",
    answer:
      "Names them, until they change it or a person dismisses it; a dismissal by GitHub because of a push is none.",
  },
  {
    id: "S11",
    given: "Who made a change is not independent of it; commits can be made to name anybody.",
    answer:
      "Only commits that changed governed content count; who is named without having made one says so by command.",
  },
  {
    id: "S12",
    given: "Behind an agent's pull request stand people.",
    answer: "Its assignees at opening and co-authors do not approve; where nobody is named, one person more is asked.",
  },
  {
    id: "S13",
    given: "A commit in a command is named with at least 16 digits.",
    answer: "Fewer name nothing, nor do those that two heads of the pull request begin with.",
  },
  {
    id: "S14",
    given: "Break-glass is for emergencies: one digest, four hours, and never for edits of the rules.",
    answer: "Asks for the retrospective approval, and refuses the next while one is open.",
  },
  {
    id: "S15",
    given: "Rules that nobody can meet lock everybody out.",
    answer: "Refuses to switch to `enforce` before its tiers can be met.",
  },
  {
    id: "S16",
    given: "A check of Actions proves nothing by its name.",
    answer: "Reads the job of the newest run of the named workflow on this head; workflow and inputs equal the base's.",
  },
  {
    id: "S17",
    given: "A result bound to a digest comes with proof of which workflow made it.",
    answer: "Verifies the workflow's OIDC token; without one a result counts on its head alone.",
    later: { step: 6, what: "results bound to a digest" },
  },
  {
    id: "S18",
    given: "Time alone can end an approval, also while the App is down.",
    answer: "The title carries the time, and it is looked at again then; a merge afterwards is a bypass.",
  },
  {
    id: "S19",
    given: "A green run that may be wrong must not stand while its answer is looked for.",
    answer: "Sets it in progress first: reopened, retargeted, shared, or under other rules.",
  },
  {
    id: "S20",
    given: "The App asks for no permission that it does not use.",
    answer: "The manifest names the requests and events behind each, held against what the tests recorded.",
  },
  {
    id: "S21",
    given: "Whether the gate is shut is for the repository's settings to say.",
    answer:
      "`countersign doctor` reads them with the administrator's own token; what it cannot see is `unknown`. The App looks at the rules once a day.",
  },
  {
    id: "S22",
    given: "Content is written 500 times an hour and 80 a minute at most.",
    answer:
      "Puts off what is beyond that, except what takes back that something may merge; a check that passed alone rewrites no comment.",
  },
  {
    id: "S23",
    given: "GitHub refuses a whole request for reviews where one name has no access.",
    answer: "Leaves such names out and says so; asks 15 people at most.",
  },
  {
    id: "S24",
    given: "A suspected secret is called none by a person of `security`.",
    answer: "Remembered for that fingerprint and path alone.",
  },
  {
    id: "S25",
    given: "A workflow's verdict binds only where the organisation requires the workflow.",
    answer: "The Action calls itself advisory elsewhere.",
  },
  {
    id: "S26",
    given: "A deployment is held back only by what asks before it deploys.",
    answer: "A gate for environments, and a signed answer for every other deployer.",
    later: { step: 7, what: "deployments" },
  },
  {
    id: "S27",
    given: "Many systems must not mean many votes of the same people.",
    answer: "One vote per owner; above ten systems a risk owner may stand in; CODEOWNERS grants no role.",
  },
  {
    id: "S28",
    given: "A merge group must be answered in seconds.",
    answer:
      "From what is kept of its members, read anew where it may have changed, and one comparison of trees; named checks are asked for only with `onGroup`.",
  },
];
