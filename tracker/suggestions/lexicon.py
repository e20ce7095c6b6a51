"""The words that the rules go by, as data: verbs by what they do, nouns of acts, function words.

To teach the engine a wording, add it here first. Grammar is in ``verbs`` and ``clauses``.
"""

from functools import cache

from tracker.domain.facts import Act, Subject


@cache
def words(text: str) -> frozenset[str]:
    return frozenset(text.split())


# What a verb does to the clause that it governs.
COMMIT = words(
    "agree pledge promise vow undertake commit consent swear decide accept guarantee resolve"
    " recommit reaffirm"
)
ANNOUNCE = words(
    "announce declare proclaim unveil order instruct decree sign conclude broker approve"
)
SAY = words(
    "say tell state add announce declare confirm report claim note write insist stress"
    " emphasize emphasise reiterate maintain explain reply respond warn acknowledge reveal"
    " disclose indicate argue assert affirm underline underscore tweet post allege suggest"
    " believe think hope expect read comment remark recall clarify inform notify assure"
    " testify quote"
)
DEMAND = words(
    "demand urge call request insist press appeal implore exhort summon want seek require ask"
)
PROPOSE = words("propose offer suggest float table submit moot recommend advocate")
REFUSE = words("reject refuse decline dismiss rebuff spurn oppose renounce repudiate")
DENY = words("deny dispute contradict refute")
CONCERN = words("fear worry doubt")
VIOLATE = words("violate breach break flout contravene infringe disregard")
ACCUSE = words("accuse blame")

# What is undertaken: the verb alone decides, unless its object says more (see ``acts``).
ACTION_VERBS = {
    Act.HALT: words(
        "halt stop cease suspend pause end discontinue freeze observe respect uphold honour"
        " honor silence terminate refreeze prolong extend renew lapse hold"
    ),
    Act.REFRAIN: words("refrain abstain avoid desist forgo forswear eschew spare"),
    Act.ALLOW: words(
        "allow permit open let enable facilitate ensure reopen unblock lift ease admit grant"
        " restore resume guarantee"
    ),
    Act.WITHDRAW: words(
        "withdraw pull redeploy retreat vacate disengage relocate demilitarise demilitarize"
        " remove leave evacuate reposition"
    ),
    Act.RELEASE: words("release free exchange swap return repatriate transfer hand"),
    Act.PROVIDE: words(
        "provide supply deliver send pay fund share notify submit give contribute ship"
        " dispatch report publish inform disclose finance help assist"
    ),
    Act.ESTABLISH: words(
        "establish create form appoint deploy convene set constitute dispatch maintain build"
    ),
    Act.NEGOTIATE: words(
        "negotiate discuss develop consult meet explore study examine consider draft prepare"
        " elaborate work talk engage convene finalise finalize pursue seek cooperate continue"
    ),
    Act.OTHER: words(
        "disarm disband dismantle destroy clear demine recognise recognize support implement"
        " comply abide adhere protect investigate prosecute prevent prohibit ban hold"
        " integrate transform demobilise demobilize disclose cancel repeal amend adopt remain"
        " limit reduce monitor verify oversee supervise cooperate coordinate regulate control"
        " condemn confiscate hand surrender dissolve merge compensate rebuild reconstruct"
        " restrict designate canton eliminate exercise conduct carry take begin start launch"
        " complete proceed undertake finish put keep bring make place act treat apply perform"
        " fulfil fulfill guarantee curb mirror reciprocate inspect"
    ),
}
# With "not", these are restraint. Other verbs with "not" are a refusal.
HOSTILE_VERBS = words(
    "attack strike shell bomb bombard target fire launch shoot use conduct carry undertake"
    " commit perform engage hinder obstruct impede block interfere recruit advance deploy"
    " supply acquire import take move reinforce station harm hit seize detain prevent violate"
    " breach fly enter resort initiate mobilise mobilize resume rearm build fortify occupy"
    " expand restrict employ exploit threaten intimidate provoke support send open"
    " touch blow sink board intercept cross overfly patrol test encroach besiege raid ambush"
    " kidnap abduct mine"
)
FORCE_ING = words(
    "shelling attacking bombing striking launching firing targeting violating killing hitting"
    " bombarding shooting mining raiding ambushing resuming advancing seizing using"
)
ASPECT = words(
    "begin start launch continue complete proceed undertake implement conduct carry hold"
    " observe respect maintain take make effect execute perform finish initiate honour honor"
    " uphold ensure put bring declare introduce impose establish enter accept extend prolong"
    " renew abide adhere comply keep apply endorse approve support guarantee restore commence"
    " finalise"
)

# Nouns that name an act: the noun decides, its complement names the subject.
ACTION_NOUNS = {
    Act.HALT: words(
        "halt pause moratorium truce truces ceasefire cease-fire ceasefires cessation"
        " suspension freeze lull armistice stoppage ban standstill extension renewal"
        " prolongation termination"
    ),
    Act.WITHDRAW: words(
        "withdrawal withdrawals pullback pull-back pullout pull-out redeployment"
        " disengagement removal retreat departure"
    ),
    Act.RELEASE: words(
        "exchange swap release handover repatriation return exchanges swaps liberation"
    ),
    Act.ALLOW: words("corridor corridors passage reopening opening access lifting navigation"),
    Act.ESTABLISH: words("establishment creation deployment formation"),
    Act.NEGOTIATE: words("talks negotiations consultations negotiation dialogue"),
    Act.PROVIDE: words("delivery deliveries provision"),
    Act.OTHER: words(
        "disarmament demilitarisation demilitarization amnesty pardon demining dismantling"
        " prohibition"
    ),
}
HALT_NOUNS = ACTION_NOUNS[Act.HALT]
TRUCE = words(
    "truce truces ceasefire cease-fire ceasefires armistice cessation agreement deal accord"
    " moratorium lull"
)
COMMIT_NOUNS = words(
    "agreement deal accord pact pledge promise commitment undertaking understanding"
    " arrangement obligation vow decision compromise consensus agreements deals accords pacts"
    " pledges promises commitments understandings obligations"
)
INSTRUMENTS = words(
    "agreement deal accord pact truce ceasefire cease-fire protocol memorandum terms text"
    " document arrangement annex article treaty roadmap terms provisions measures declaration"
    " decree order"
)
PLANS = words("plan proposal draft initiative blueprint formula framework")
TRUCE_VERBS = words(
    "last run begin start take come enter go remain continue hold expire end stay cover apply"
    " commence lapse become finish proceed be"
)

SOFT_VERBS = words(
    "work develop discuss explore consider examine study draft prepare elaborate pursue seek"
    " talk continue meet consult negotiate cooperate finalise finalize coordinate engage"
    " convene draw look intensify"
)

# What is vowed or agreed and binds nobody in the sense of the register.
NO_UNDERTAKING = words(
    "fight stay quit resign retaliate respond avenge defend win defeat crush lend visit travel"
    " attend sell buy marry play run press push resist answer speak punish"
    " intensify escalate strike attack"
)

TALKING = words("comment whether about how why him her reporters questions")

# What a refusal, a demand or a proposal has to be about, to be one of ours.
RELEVANT = HALT_NOUNS | TRUCE | PLANS | words(
    "talks negotiations withdrawal demand demands offer terms conditions resolution release"
    " exchange swap hostages prisoners troops forces peacekeepers idea call calls compromise"
    " concessions extension territory presence deployment monitoring mission mediation request"
    " delay ultimatum any pause aid condition overture"
    " appeal appeals ceasefires text draft disbandment disarmament return lifting removal"
)  # fmt: skip

# What a demand for nothing in particular has to be among, lest it be one for a coach to go.
CONFLICT = RELEVANT | words(
    "captive captives hostages"
    " restraint calm de-escalation fighting hostilities attack attacks strike strikes war army"
    " armed"
    " military rebels militia prisoner hostage detainees withdraw siege blockade humanitarian"
    " shelling drone drones weapons artillery peace conflict violations civilians security violence"
    " sanctions escalation tensions parties sides law humanitarian bloodshed killing"
)

ADJECTIVES = {
    "ready": "propose", "willing": "propose", "prepared": "propose", "open": "propose",
    "bound": "commit", "committed": "commit", "obliged": "commit", "obligated": "commit",
    "required": "commit", "due": "scheduled", "set": "scheduled", "scheduled": "scheduled",
    "free": "free", "entitled": "free", "concerned": "concern", "worried": "concern",
    "alarmed": "concern", "sceptical": "concern", "skeptical": "concern", "unwilling": "refuse",
    "unsure": "concern", "troubled": "concern", "prohibited": "forbidden", "forbidden": "forbidden",
    "opposed": "refuse", "willing-to": "propose",
    "anxious": "concern", "reluctant": "refuse", "wary": "concern", "banned": "forbidden",
    "disturbed": "concern", "fearful": "concern", "keen": "", "expected": "", "likely": "",
}  # fmt: skip

# Subjects: the first in the object decides; later lines lose to earlier ones at one place.
SUBJECT_WORDS = {
    Subject.ENERGY_INFRASTRUCTURE: words(
        "energy power electricity electrical grid grids refinery refineries pipeline"
        " pipelines substation substations hydroelectric nuclear gas oil dam dams electric"
        " heating utilities fuel powerplant powerplants"
    ),
    Subject.PRISONERS: words(
        "prisoner prisoners pow pows hostage hostages detainee detainees captive captives"
        " inmates remains bodies abductees soldiers-held internees servicemen wounded abducted"
        " imprisoned captured jailed"
    ),
    Subject.HUMANITARIAN_ACCESS: words(
        "humanitarian aid relief corridor corridors convoy convoys siege crossing crossings"
        " checkpoint checkpoints food medicine medicines evacuation evacuations ambulances"
        " unhindered unimpeded medical trucks polio vaccination airlift"
    ),
    Subject.MARITIME: words(
        "maritime naval navigation vessel vessels ship ships shipping port ports sea strait"
        " straits tanker tankers merchant seaports harbour harbours harbor gulf waters coast"
        " fishing fishermen boats"
    ),
    Subject.HEAVY_WEAPONS: words(
        "artillery howitzers tanks mortars heavy-weapons weaponry mlrs calibre caliber"
        " launchers rockets-launchers"
    ),
    Subject.ARMS_TRANSFERS: words(
        "arms ammunition munitions weapons-deliveries rearmament embargo mobilisation-aid"
    ),
    Subject.CIVILIANS: words(
        "civilian civilians hospital hospitals school schools residents refugees displaced"
        " population children women villagers populated residential inhabitants apartment"
        " homes towns cities noncombatants non-combatants"
    ),
    Subject.MEDIA: words(
        "media broadcast broadcasts broadcasting propaganda journalists press rhetoric"
        " television loudspeaker loudspeakers leaflets incitement"
    ),
    Subject.TERRITORY: words(
        "territory territories positions position line lines zone zones area areas border"
        " borders town village villages towns province region enclave heights buffer frontier"
        " front city south north east west troops forces fighters bases posts outposts sector"
        " demarcation land"
    ),
}  # fmt: skip
SUBJECT_PHRASES = (
    ("heavy weapons", Subject.HEAVY_WEAPONS),
    ("heavy weaponry", Subject.HEAVY_WEAPONS),
    ("heavy armour", Subject.HEAVY_WEAPONS),
    ("heavy artillery", Subject.HEAVY_WEAPONS),
    ("heavy equipment", Subject.HEAVY_WEAPONS),
    ("heavy arms", Subject.HEAVY_WEAPONS),
    ("heavy guns", Subject.HEAVY_WEAPONS),
    ("armoured vehicles", Subject.HEAVY_WEAPONS),
    ("rocket systems", Subject.HEAVY_WEAPONS),
    ("rocket launchers", Subject.HEAVY_WEAPONS),
    ("military aid", Subject.ARMS_TRANSFERS),
    ("military assistance", Subject.ARMS_TRANSFERS),
    ("military support", Subject.ARMS_TRANSFERS),
    ("military supplies", Subject.ARMS_TRANSFERS),
    ("military equipment", Subject.ARMS_TRANSFERS),
    ("sale of weapons", Subject.ARMS_TRANSFERS),
    ("supply of weapons", Subject.ARMS_TRANSFERS),
    ("weapons supplies", Subject.ARMS_TRANSFERS),
    ("weapons deliveries", Subject.ARMS_TRANSFERS),
    ("weapons shipments", Subject.ARMS_TRANSFERS),
    ("delivery of weapons", Subject.ARMS_TRANSFERS),
    ("weapons to", Subject.ARMS_TRANSFERS),
    ("flow of weapons", Subject.ARMS_TRANSFERS),
    ("civilian infrastructure", Subject.CIVILIANS),
    ("civilian objects", Subject.CIVILIANS),
    ("humanitarian pause", Subject.HUMANITARIAN_ACCESS),
    ("safe passage", Subject.HUMANITARIAN_ACCESS),
    ("international humanitarian law", Subject.CIVILIANS),
    ("black sea", Subject.MARITIME),
    ("red sea", Subject.MARITIME),
    ("hostile propaganda", Subject.MEDIA),
)  # fmt: skip
# Words that look like a subject and are none here.
NOT_SUBJECT = (
    "border guards",
    "front page",
    "in power",
    "power sharing",
    "power-sharing",
    "sharing power",
    "on the line",
    "world powers",
    "gas fire",
    "in the area of",
    "area of",
    "in line",
    "military aid base",
    "press conference",
    "press secretary",
    "press release",
    "press service",
    "told the press",
    "position on",
    "security forces",
    "armed forces",
    "state media",
    "media reports",
    "state television",
    "local media",
    "nuclear talks",
    "air force",
    "seat of power",
    "naval force",
)

# What leads a condition in, by the register's kind of it.
CONDITION_MARKERS = tuple(
    (marker, kind)
    for kind, markers in {
        "entry": (
            "provided that, provided, providing that, on condition that, on the condition "
            "that, on condition of, conditional on, conditional upon, contingent on, "
            "contingent upon, subject to, dependent on, depends on, depend on, depending "
            "on, hinges on, hinge on, only if, if, unless, only after, only once, once, "
            "only when, not until, in the event of, in the event that, in case of, should "
            "either, should any, should the, should one, a key condition, key condition, as soon as"
        ),
        "continuing": ("as long as, so long as, for as long as, while the other"),
        "concurrent": (
            "in exchange for, in return for, in return, in parallel with, simultaneously with"
        ),
        "reciprocity": ("on the basis of reciprocity, reciprocally, on a reciprocal basis"),
    }.items()
    for marker in markers.split(", ")
)
CONDITION_NOUNS = words(
    "condition conditions precondition preconditions prerequisite prerequisites"
)
RECIPROCAL = (
    "the same", "likewise", "in kind", "reciprocate", "reciprocates", "reciprocated", "mutual",
    "mutually", "reciprocal", "other side", "other party", "both sides", "also stops", "also halts",
    "also stop", "also halt", "observe it too", "respects it", "does so too", "other parties",
    "the opponent", "the enemy", "mirror",
)  # fmt: skip
BREACH = words(
    "violate violates violated violation violations breach breaches breached break breaks broke"
    " broken breaking infringe infringes non-compliance noncompliance fails attack attacks"
    " attacked resumes"
)

# Function words.
DETERMINERS = words(
    "the a an this that these those its their his her our your my any all each every some no"
    " both another either neither such several many certain"
)
PREPOSITIONS = words(
    "in at near from with after on to against between by of for into within during before"
    " under over through across along amid inside outside towards toward since without despite"
    " following about upon via per as than like until till beyond around among behind above"
    " below off onto regarding"
)
CONJUNCTIONS = words("and or but nor")
SUBORDINATORS = words(
    "that which who whom whose whether if because although though while but when unless"
    " whereas where since until once why how what despite"
)
ADVERBS = words(
    "not also immediately fully now then still already never further therefore thus again"
    " soon later jointly completely formally officially publicly privately both each all only"
    " tentatively unilaterally reciprocally strictly gradually promptly simultaneously duly"
    " even just henceforth forthwith hereby initially earlier today tomorrow yesterday"
    " separately ever always repeatedly voluntarily mutually temporarily provisionally"
    " verbally so far yet once more subsequently thereby in-principle explicitly reportedly"
    " however meanwhile too reiterated"
)
PRONOUNS = words("he she it they both we i each neither")
NOT_VERBS = words(
    "peace talks terms mutual immediate partial full limited complete further new temporary"
    " unilateral humanitarian war date end-of-war bilateral lasting durable permanent"
    " comprehensive technical total direct indirect public private more less most least other"
    " same such what which whom whose who him her them us it me you one two three four five"
    " six seven eight nine ten twelve thirty sixty reporters journalists parliament lawmakers"
    " civilians prisoners soldiers peaceful safe secure international local national regional"
    " political military heavy light nuclear energy power maritime naval next last first"
    " second third there here today tomorrow yesterday midnight noon monday tuesday wednesday"
    " thursday friday saturday sunday early late power-sharing face-to-face weekly daily"
    " broader wider phased indefinite indefinitely certain demands proposals conditions"
    " unconditional renewed previous earlier"
)

_ONES = "one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen"
_TENS = "twenty thirty forty fifty sixty seventy eighty ninety hundred"
NUMBERS = {
    **{word: number for number, word in enumerate(_ONES.split(), 1)},
    **{word: 10 * number for number, word in enumerate(_TENS.split(), 2)},
    "sixteen": 16,
    "seventeen": 17,
    "eighteen": 18,
    "nineteen": 19,
    "a": 1,
    "an": 1,
    "dozen": 12,
}
