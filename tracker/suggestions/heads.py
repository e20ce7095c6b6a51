"""Words that name a party by what it is: organs, titles, kinds of bodies, "both sides"."""

from .lexicon import words

# What follows a party's name and still is that party: "Russian defence ministry", "Israel's army".
ORGANS = words(
    "president prime minister ministry ministers foreign defence defense interior army"
    " military forces troops government spokesman spokeswoman spokesperson ambassador envoy"
    " leader leaders authorities officials official side delegation negotiators negotiator"
    " cabinet parliament navy air force armed security council command commander general chief"
    " staff regime administration embassy representative representatives team teams party"
    " presidential secretary state deputy vice leadership soldiers fighters militants rebels"
    " officers premier junta guard guards intelligence agency national chancellor king crown"
    " prince sultan emir counterpart office press politburo secretary-general commissioner"
    " chairman head top senior special diplomat diplomats separatists negotiating movement"
    " group adviser advisor aide coordinator lawmaker lawmakers chiefs mediators"
)
NOT_THE_STATE = words(
    "opposition rebels rebel militants insurgents separatists separatist militias militia"
    " guerrillas activists paramilitaries dissidents"
)
HEADED = words(
    "government authorities president army chief minister ministry envoy office coordinator"
    " commissioner adviser advisor council"
    " spokesman spokeswoman spokesperson secretary official officials"
)
TITLES = words(
    "secretary-general commissioner president minister spokesman spokeswoman spokesperson"
    " ambassador envoy leader premier chief secretary general commander negotiator"
    " representative chancellor king prince sultan emir official diplomat chairman head"
    " counterpart adviser advisor aide coordinator lawmaker chief"
)
ORG_HEADS = words(
    "army front movement forces party council union nations brigade brigades alliance"
    " coalition command authority committee commission ministry government guard guards"
    " organization organisation militia congress group mission force resistance office service"
    " republic league federation parliament administration assembly battalion faction"
    " delegation clan cartel"
)
PLURAL = {
    head: kind
    for kind, heads in {
        "both": (
            "both sides|the two sides|the sides|both parties|the parties|all parties|"
            "the two parties|the warring parties|both countries|the two countries|"
            "both leaders|the two leaders|the leaders|the two presidents|both presidents|"
            "each side|each party|the two governments|both governments|warring parties|"
            "all sides|the two men|both armies|the two armies|the contracting parties|"
            "warring sides|warring factions|the warring factions|the belligerents|"
            "parties to the conflict|the parties to the conflict|the signatories|"
            "all armed groups|armed groups|the two neighbours|the two neighbors|"
            "the warring sides|the conflicting parties|the two states|both states|"
            "the two nations|both nations|the two foes|the rival factions|the rivals|"
            "the delegations|the two delegations|both delegations|the co-chairs|the guarantors|"
            "the panels|both panels|the two panels"
        ),
        "other": (
            "the other side|the other party|the opposing side|the opposing party|the opponent|"
            "the adversary|the enemy"
        ),
        "one": (
            "either side|either party|any party|one side|one party|one of the parties|"
            "one of the sides|neither side|neither party"
        ),
        "group": (
            "the rebels|rebels|the insurgents|insurgents|the militants|militants|the movement|"
            "the government|the opposition|the junta|the group|the coalition|the militia|"
            "the regime|the authorities|the army|the military|the separatists|separatists|"
            "the armed group|the rebel group|the faction|the front|the guerrillas|"
            "the fighters|the mediators|mediators|the rebel movement|rebel forces|"
            "government forces|government troops|the armed forces|the council|the ministry|"
            "the president|the prime minister|the minister|the commander|the general|"
            "the administration|the alliance|the command|the committee|the commission|"
            "the mission|the monitoring mission|opposition groups|rebel groups|the rebel side|"
            "the government side|the insurgent group|the paramilitary|the paramilitaries|"
            "the resistance"
        ),
    }.items()
    for head in heads.split("|")
}
OF_A_STATE = words(
    "republic government governments kingdom state authorities president prime premier leader"
    " foreign defence defense interior army military armed forces leadership central general"
    " high command ministry delegation chancellor king sultan emir"
)
# What may stand before an organ's noun: "UN humanitarian chief", "EU human rights envoy".
ORGAN_ADJECTIVES = words(
    "humanitarian human rights aid relief refugee political peacekeeping policy public affairs"
    " trade economic finance energy water information transitional ruling paramilitary interim"
    " caretaker provisional national"
)
